# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a tree as YAML. Connections that cross groups become chains of ports and aliases."""

from tree import Group, spell_shape


class Scope:
    """The network of a group, or the root: what connections between instances need in it."""

    def __init__(self):
        self.ports, self.aliases, self.connections = {}, {}, []

    def connect(self, text):
        if text not in self.connections:
            self.connections.append(text)


class Layout:
    def __init__(self, network):
        self.network, self.paths, self.scopes = network, network.paths(), {(): Scope()}
        for groups, _ in self.paths.values():
            for depth in range(len(groups) + 1):
                self.scopes.setdefault(groups[:depth], Scope())
        for connection in network.connections:
            self.connect(connection)

    def member(self, end):
        """The port or Var that an end names, or None if it is gone."""
        instance, name = end
        if instance not in self.paths:
            return None
        process = self.network.process(self.paths[instance][1].process)
        return process.port(name) or process.var(name)

    def exposed(self, end, inside, kind, source=None):
        """How the member `end` is called in the scope `inside`, which is around its instance.

        `kind`: out and ref lead outward, in and var inward, and alias makes a Var visible. A port that
        leads inward is for one `source`, of whose element type it is: on its way nothing is converted.
        """
        groups, name = self.paths[end[0]][0], f"{end[0]}.{end[1]}"
        for depth in range(len(groups), len(inside), -1):
            scope, group = self.scopes[groups[:depth]], groups[depth - 1]
            own = f"{end[0]}_{end[1]}"
            if kind == "alias":
                scope.aliases[own] = name
            elif kind == "var":
                own = f"{own}_port"
                variable = f"{end[0]}_{self.member(end).var}"
                self.exposed((end[0], self.member(end).var), groups[: depth - 1], "alias")
                scope.ports[own] = f"var {variable}"
                scope.connect(f"{own} -> {name}")
            else:
                member, element = self.member(end), self.member(source or end).element
                own += "_".join(["", *source]) if source else ""
                scope.ports[own] = f"{kind} {element}{spell_shape(member.shape)}"
                scope.connect(f"{own} -> {name}" if kind == "in" else f"{name} -> {own}")
            name = f"{group}.{own}"
        return name

    def connect(self, connection):
        ends = [*connection.sources, connection.target]
        if not all(self.member(end) for end in ends):
            return
        around = [self.paths[instance][0] for instance, _ in ends]
        common = 0
        while all(len(groups) > common and groups[: common + 1] == around[0][: common + 1] for groups in around):
            common += 1
        scope = around[0][:common]
        outward, inward = {"message": ("out", "in"), "var": ("ref", "alias"), "port": ("ref", "var")}[connection.kind]
        sources = [self.exposed(end, scope, outward) for end in connection.sources]
        sender = connection.sources[0] if inward == "in" else None
        target = self.exposed(connection.target, scope, inward, sender)
        self.scopes[scope].connect(f"{connection.via.format(*sources)} -> {target}")

    def network_lines(self, children, groups, indent):
        yield f"{indent}instances:"
        for child in children:
            if isinstance(child, Group):
                yield f"{indent}  {child.name}: G{child.name}"
            elif child.name in self.paths:
                process = self.network.process(child.process)
                named = getattr(process, "given", {})
                values = [f"{name}: {value}" for name, value in child.values.items() if process.var(name) or name in named]
                yield f"{indent}  {child.name}: {{{', '.join([f'class: {process.spelled}', *values])}}}"
        scope = self.scopes.get(groups, Scope())
        if scope.connections:
            yield f"{indent}connections:"
            yield from (f"{indent}  - '{text}'" for text in scope.connections)
        if scope.aliases:
            yield f"{indent}aliases:"
            yield from (f"{indent}  {name}: {target}" for name, target in scope.aliases.items())

    def group_lines(self, group, groups):
        for child in group.children:
            if isinstance(child, Group):
                yield from self.group_lines(child, (*groups, child.name))
        yield f"  G{group.name}:"
        scope = self.scopes.get(groups, Scope())
        if scope.ports:
            yield "    ports:"
            yield from (f"      {name}: '{text}'" for name, text in scope.ports.items())
        yield "    models:"
        yield "      - network:"
        yield from self.network_lines(group.children, groups, " " * 10)

    def probes(self, ports=True):
        for instance, (groups, _) in self.paths.items():
            process = self.network.process(self.paths[instance][1].process)
            path = ".".join([*groups, instance])
            yield from (f"{path}.{var.name}" for var in process.vars)
            yield from (f"{path}.{port.name}" for port in process.ports if ports and port.direction == "out" and process.shown)

    def run_lines(self):
        yield "run:"
        yield from (f"  {line}" for line in self.network.options)
        yield "  stages:"
        for stage in self.network.stages:
            if isinstance(stage, int):
                yield f"    - steps: {stage}"
            elif self.member(stage[:2]):
                yield f"    - set: {{{'.'.join([*self.paths[stage[0]][0], *stage[:2]])}: {stage[2]}}}"
        probes = list(self.probes())
        yield f"  probes: [{', '.join(probes)}]"
        yield f"  get: [{', '.join(self.probes(ports=False))}]"

    def lines(self):
        yield "basalt: 1"
        if self.network.functions:
            yield "functions: |"
            for function in self.network.functions:
                yield f"  {function}"
        used = {instance.process for _, instance in self.paths.values()}
        types = [line for process in self.network.processes if process.name in used for line in process.lines()]
        if types or any(isinstance(child, Group) for child in self.network.children):
            yield "processes:"
        yield from types
        for child in self.network.children:
            if isinstance(child, Group):
                yield from self.group_lines(child, (child.name,))
        yield "network:"
        yield from self.network_lines(self.network.children, (), "  ")
        yield from self.run_lines()


def to_yaml(network):
    return "\n".join(Layout(network).lines()) + "\n"
