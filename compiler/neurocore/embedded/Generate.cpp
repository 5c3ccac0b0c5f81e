// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the LLVM dialect to a relocatable object for RV64IM.
#include "compiler/neurocore/embedded/Stages.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/IPO/Internalize.h"

// Only those of this back end: llvm/Support/TargetSelect.h would want all that LLVM knows.
extern "C" {
void LLVMInitializeRISCVTargetInfo();
void LLVMInitializeRISCVTarget();
void LLVMInitializeRISCVTargetMC();
void LLVMInitializeRISCVAsmPrinter();
void LLVMInitializeRISCVAsmParser(); // for the `ecall` of the support library
}

using namespace llvm;

namespace basalt::neurocore {

static constexpr unsigned char kSupport[] = {
#include "compiler/neurocore/embedded/SupportBytes.inc"
};

static std::unique_ptr<TargetMachine> makeTargetMachine(std::string *error) {
  static const bool isThere = [] {
    LLVMInitializeRISCVTargetInfo();
    LLVMInitializeRISCVTarget();
    LLVMInitializeRISCVTargetMC();
    LLVMInitializeRISCVAsmPrinter();
    LLVMInitializeRISCVAsmParser();
    return true;
  }();
  (void)isThere;
  Triple triple("riscv64-unknown-unknown-elf");
  const Target *target = TargetRegistry::lookupTarget(triple, *error);
  if (!target)
    return nullptr;
  TargetOptions options;
  options.MCOptions.ABIName = "lp64";
  options.FunctionSections = options.DataSections = true;
  options.EmitStackSizeSection = true;
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, "generic-rv64", "+m,-c,-relax", options, Reloc::Static,
                                  CodeModel::Medium, CodeGenOptLevel::Default));
}

static std::unique_ptr<Module> translate(mlir::ModuleOp module, LLVMContext &context) {
  mlir::registerBuiltinDialectTranslation(*module.getContext());
  mlir::registerLLVMDialectTranslation(*module.getContext());
  return mlir::translateModuleToLLVMIR(module, context, "basalt");
}

/// Links the support library into `module`; its functions and ours get the same attributes, without
/// which none would be inlined into the other.
static bool addSupport(Module &module, std::string *error) {
  StringRef bytes(reinterpret_cast<const char *>(kSupport), sizeof(kSupport));
  auto support = parseBitcodeFile(MemoryBufferRef(bytes, "support"), module.getContext());
  if (!support) {
    *error = toString(support.takeError());
    return false;
  }
  Function &model = *(*support)->getFunction("basalt_mod");
  for (Function &function : module)
    if (!function.isDeclaration())
      for (const char *name : {"target-cpu", "target-features", "no-builtins"})
        if (model.hasFnAttribute(name))
          function.addFnAttr(model.getFnAttribute(name));
  module.setDataLayout((*support)->getDataLayout());
  module.setTargetTriple((*support)->getTargetTriple());
  if (!Linker::linkModules(module, std::move(*support)))
    return true;
  *error = "the support library cannot be linked";
  return false;
}

static void optimise(Module &module, TargetMachine &machine, ArrayRef<std::string> keep) {
  // What code generation may call is known only when it has.
  StringSet<> kept = {"memcpy", "memmove", "memset"};
  for (const std::string &name : keep)
    kept.insert(name);
  internalizeModule(module,
                    [&](const GlobalValue &value) { return kept.contains(value.getName()); });
  for (Function &function : module)
    function.addFnAttr(Attribute::NoUnwind);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::Os).run(module, modules);
}

/// The sum of the frames of all functions: nothing calls itself, so no path through calls needs
/// more.
static uint32_t stackOf(ArrayRef<char> bytes) {
  MemoryBufferRef buffer(StringRef(bytes.data(), bytes.size()), "object");
  auto object = cantFail(object::ObjectFile::createObjectFile(buffer));
  uint64_t sum = 0;
  for (const object::SectionRef &section : object->sections()) {
    if (cantFail(section.getName()) != ".stack_sizes")
      continue;
    StringRef contents = cantFail(section.getContents());
    const auto *at = contents.bytes_begin(), *end = contents.bytes_end();
    while (end - at > 8) {
      unsigned size = 0;
      sum += decodeULEB128(at + 8, &size, end);
      at += 8 + size;
    }
  }
  return uint32_t(std::min<uint64_t>(sum, UINT32_MAX / 2));
}

llvm::FailureOr<Relocatable> generateObject(mlir::ModuleOp module, ArrayRef<std::string> keep,
                                            std::string *error) {
  std::unique_ptr<TargetMachine> machine = makeTargetMachine(error);
  if (!machine)
    return failure();
  LLVMContext context;
  std::unique_ptr<Module> translated = translate(module, context);
  if (!translated) {
    *error = "the program cannot be translated to LLVM IR";
    return failure();
  }
  if (!addSupport(*translated, error))
    return failure();
  optimise(*translated, *machine, keep);
  Relocatable result;
  raw_svector_ostream stream(result.bytes);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, CodeGenFileType::ObjectFile)) {
    *error = "the back end makes no objects";
    return failure();
  }
  passes.run(*translated);
  result.stackBytes = stackOf(result.bytes);
  return result;
}

} // namespace basalt::neurocore
