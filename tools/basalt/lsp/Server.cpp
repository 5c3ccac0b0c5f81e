// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The protocol: what the editor may ask, and who answers.
#include "tools/basalt/lsp/Server.h"

#include "tools/basalt/lsp/Channel.h"
#include "tools/basalt/lsp/Checks.h"
#include "tools/basalt/lsp/Features.h"

#include "llvm/Support/LSP/Transport.h"

#include <unistd.h>

using namespace basalt::lsp;
namespace protocol = llvm::lsp;
namespace json = llvm::json;

namespace {
class Server {
public:
  Server(const std::string &library, const Checker &checker)
      : workspace(library),
        checks(workspace, checker, [this](const std::string &file) { publish(file); }) {}

  int run();

private:
  template <typename T> using Reply = protocol::Callback<T>;

  void initialize(const protocol::InitializeParams &, Reply<json::Value> reply);
  void initialized(const protocol::NoParams &) {}
  void shutdown(const protocol::NoParams &, Reply<std::nullptr_t> reply);
  void didOpen(const protocol::DidOpenTextDocumentParams &params);
  void didChange(const protocol::DidChangeTextDocumentParams &params);
  void didClose(const protocol::DidCloseTextDocumentParams &params);
  void definition(const protocol::TextDocumentPositionParams &params,
                  Reply<std::vector<protocol::Location>> reply);
  void hover(const protocol::TextDocumentPositionParams &params,
             Reply<std::optional<protocol::Hover>> reply);
  void symbols(const protocol::DocumentSymbolParams &params,
               Reply<std::vector<protocol::DocumentSymbol>> reply);
  void complete(const protocol::CompletionParams &params, Reply<protocol::CompletionList> reply);

  void setText(const protocol::URIForFile &uri, int64_t version, std::string text);
  void publish(const std::string &file);
  void listen(protocol::MessageHandler &handler);

  /// As the editor spells it.
  struct Opened {
    protocol::URIForFile uri;
    int64_t version;
  };

  Workspace workspace;
  Checks checks;
  std::map<std::string, Opened> opened;
  protocol::OutgoingNotification<protocol::PublishDiagnosticsParams> send;
  bool isShutDown = false;
};
} // namespace

void Server::initialize(const protocol::InitializeParams &, Reply<json::Value> reply) {
  json::Object synchronization{{"openClose", true},
                               {"change", int(protocol::TextDocumentSyncKind::Full)}};
  json::Object completion{{"triggerCharacters", json::Array{"."}}, {"resolveProvider", false}};
  json::Object capabilities{{"textDocumentSync", std::move(synchronization)},
                            {"definitionProvider", true},
                            {"hoverProvider", true},
                            {"documentSymbolProvider", true},
                            {"completionProvider", std::move(completion)}};
  reply(json::Object{{"serverInfo", json::Object{{"name", "basalt"}}},
                     {"capabilities", std::move(capabilities)}});
}

void Server::shutdown(const protocol::NoParams &, Reply<std::nullptr_t> reply) {
  isShutDown = true;
  reply(nullptr);
}

//===--- Texts ---===//

void Server::setText(const protocol::URIForFile &uri, int64_t version, std::string text) {
  std::string path = Workspace::canonical(uri.file());
  opened.insert_or_assign(path, Opened{uri, version});
  workspace.open(path, std::move(text));
  checks.changed(path);
}

void Server::didOpen(const protocol::DidOpenTextDocumentParams &params) {
  setText(params.textDocument.uri, params.textDocument.version, params.textDocument.text);
}

void Server::didChange(const protocol::DidChangeTextDocumentParams &params) {
  // Changes are whole texts, as we have asked for; the last one counts.
  if (!params.contentChanges.empty())
    setText(params.textDocument.uri, params.textDocument.version,
            params.contentChanges.back().text);
}

void Server::didClose(const protocol::DidCloseTextDocumentParams &params) {
  std::string path = Workspace::canonical(params.textDocument.uri.file());
  workspace.close(path);
  checks.closed(path);
  opened.erase(path);
}

void Server::publish(const std::string &file) {
  auto it = opened.find(file);
  std::optional<protocol::URIForFile> uri =
      it == opened.end() ? uriOf(file) : std::optional(it->second.uri);
  if (!uri)
    return;
  protocol::PublishDiagnosticsParams params(*uri, it == opened.end() ? 0 : it->second.version);
  params.diagnostics = diagnosticsOf(workspace, checks.reports(), file);
  send(params);
}

//===--- Questions ---===//

void Server::definition(const protocol::TextDocumentPositionParams &params,
                        Reply<std::vector<protocol::Location>> reply) {
  std::vector<protocol::Location> locations;
  if (const Document *document = workspace.find(params.textDocument.uri.file()))
    if (auto found =
            basalt::lsp::definition(workspace, *document, document->offsetOf(params.position)))
      locations.push_back(*found);
  reply(std::move(locations));
}

void Server::hover(const protocol::TextDocumentPositionParams &params,
                   Reply<std::optional<protocol::Hover>> reply) {
  const Document *document = workspace.find(params.textDocument.uri.file());
  if (!document)
    return reply(std::nullopt);
  reply(basalt::lsp::hover(workspace, checks.reports(), *document,
                           document->offsetOf(params.position)));
}

void Server::symbols(const protocol::DocumentSymbolParams &params,
                     Reply<std::vector<protocol::DocumentSymbol>> reply) {
  const Document *document = workspace.find(params.textDocument.uri.file());
  reply(document ? outline(*document) : std::vector<protocol::DocumentSymbol>());
}

void Server::complete(const protocol::CompletionParams &params,
                      Reply<protocol::CompletionList> reply) {
  const Document *document = workspace.find(params.textDocument.uri.file());
  reply(document ? basalt::lsp::complete(workspace, *document, document->offsetOf(params.position))
                 : protocol::CompletionList());
}

//===--- The connection ---===//

void Server::listen(protocol::MessageHandler &handler) {
  handler.method("initialize", this, &Server::initialize);
  handler.notification("initialized", this, &Server::initialized);
  handler.method("shutdown", this, &Server::shutdown);
  handler.notification("textDocument/didOpen", this, &Server::didOpen);
  handler.notification("textDocument/didChange", this, &Server::didChange);
  handler.notification("textDocument/didClose", this, &Server::didClose);
  handler.method("textDocument/definition", this, &Server::definition);
  handler.method("textDocument/hover", this, &Server::hover);
  handler.method("textDocument/documentSymbol", this, &Server::symbols);
  handler.method("textDocument/completion", this, &Server::complete);
  send = handler.outgoingNotification<protocol::PublishDiagnosticsParams>(
      "textDocument/publishDiagnostics");
}

int Server::run() {
  protocol::Logger::setLogLevel(protocol::Logger::Level::Error);
  protocol::JSONTransport transport(std::make_unique<Channel>(STDIN_FILENO, checks), llvm::outs());
  protocol::MessageHandler handler(transport);
  listen(handler);
  if (llvm::Error error = transport.run(handler))
    llvm::consumeError(std::move(error)); // the editor has gone without a word
  return isShutDown ? 0 : 1;
}

int basalt::lsp::serve(const std::string &library, const Checker &checker) {
  return Server(library, checker).run();
}
