namespace SchemaStream.Protocol.Generator.Notation;

/// <summary>Turns a message's lines into its definition: finds the structs, narrows versions, and refuses what contradicts itself.</summary>
internal sealed class DefinitionBuilder(List<DefinitionError> errors, MessageDefinition header)
{
    private readonly List<(string Name, FieldNode Node)> _structs = [];
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, VersionRange> _versions = [];

    public MessageDefinition Build(IReadOnlyList<FieldNode> body)
    {
        Collect(body);
        Resolve(body);
        foreach (var (_, node) in _structs)
        {
            Resolve(node.Children);
        }

        foreach (var (name, node) in _structs.Where(entry => !_used.Contains(entry.Name)))
        {
            Error(node, $"no field is of struct {name}");
        }

        if (_structs.Any(entry => Reaches(entry.Name, entry.Name, [])))
        {
            Error(_structs.First(entry => Reaches(entry.Name, entry.Name, [])).Node, "the struct holds itself");
            return header;
        }

        var flexible = header.Flexible.Intersect(header.Versions);
        Narrow(body, header.Versions);
        var rules = new FieldRules(errors, header.Versions, flexible);
        var root = new StructDefinition(header.ClassName, header.Versions, rules.Fields(body, header.ClassName, header.Versions));
        var structs = _structs.Where(entry => _used.Contains(entry.Name)).Select(entry => new StructDefinition(
            entry.Name,
            _versions[entry.Name],
            rules.Fields(entry.Node.Children, entry.Name, _versions[entry.Name]))).ToArray();
        foreach (var node in body.Where(node => node.Type is not null && structs.Any(type => type.Name == node.Name)))
        {
            Error(node, $"{node.Name} is a struct of this message as well: name one of the two otherwise");
        }

        return header with { Flexible = flexible.IsEmpty ? VersionRange.None : flexible, Root = root, Structs = new(structs) };
    }

    /// <summary>A class is defined once, and a request and its response go through the same versions.</summary>
    public static void CheckPairs(
        IReadOnlyList<MessageDefinition> messages, IReadOnlyList<SourceLine> lines, List<DefinitionError> errors)
    {
        foreach (var repeated in messages.GroupBy(message => message.ClassName).Where(group => group.Count() > 1))
        {
            var line = lines.Last(candidate => candidate.Words.Any(word => word.Text == repeated.First().Name));
            errors.Add(new DefinitionError(ErrorKind.Meaning, line.Number, 0, line.Words[0].Text.Length,
                $"{repeated.Key} is defined twice in this file"));
        }

        foreach (var response in messages.Where(message => message.Kind == MessageKind.Response))
        {
            var request = messages.FirstOrDefault(message => message.Kind == MessageKind.Request && message.Number == response.Number);
            if (request is null || (request.Name == response.Name && request.Versions == response.Versions && request.Flexible == response.Flexible))
            {
                continue;
            }

            var line = lines.First(candidate => candidate.Indentation == 0 && candidate.Words.Count > 0
                && candidate.Words[0].Text == "response");
            errors.Add(new DefinitionError(ErrorKind.Meaning, line.Number, 0, line.Words[0].Text.Length,
                $"the response differs from its request in name, versions or flexible versions ({request.Name} {request.Versions} {request.Flexible})"));
        }
    }

    private void Collect(IReadOnlyList<FieldNode> nodes)
    {
        foreach (var node in nodes)
        {
            var name = node.Type is { } type ? type.Struct : node.Name;
            if (node.Type is { } primitive && primitive.Struct is null && node.Children.Count > 0)
            {
                Error(node, $"{primitive} has no fields: nothing may be indented below it");
            }
            else if (name is not null && (node.Children.Count > 0 || node.Type is null))
            {
                if (_structs.Any(entry => entry.Name == name) || name == header.ClassName)
                {
                    Error(node, $"{name} is defined twice in this message");
                }
                else
                {
                    _structs.Add((name, node));
                    _versions[name] = VersionRange.None;
                }
            }

            Collect(node.Children);
        }
    }

    private void Resolve(IReadOnlyList<FieldNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Type?.Struct is not { } name)
            {
                continue;
            }

            if (_structs.Any(entry => entry.Name == name))
            {
                _used.Add(name);
            }
            else
            {
                Error(node, $"{name} is neither a primitive type ({string.Join(", ", Primitives.Words)}) nor a struct of this message");
            }
        }
    }

    private bool Reaches(string from, string target, HashSet<string> seen) =>
        seen.Add(from) && ChildrenOf(from).Any(next => next == target || Reaches(next, target, seen));

    private IEnumerable<string> ChildrenOf(string name) =>
        _structs.Where(entry => entry.Name == name)
            .SelectMany(entry => entry.Node.Children)
            .Select(node => node.Type?.Struct)
            .OfType<string>();

    /// <summary>A struct can occur in the versions of the fields that hold it.</summary>
    private void Narrow(IReadOnlyList<FieldNode> nodes, VersionRange versions)
    {
        foreach (var node in nodes)
        {
            if (node.Type?.Struct is { } name && _versions.TryGetValue(name, out var known))
            {
                var reach = node.Versions.Intersect(versions);
                _versions[name] = known.Hull(reach);
                Narrow(_structs.First(entry => entry.Name == name).Node.Children, _versions[name]);
            }
        }
    }

    private void Error(FieldNode node, string text)
    {
        var word = node.Line.Words[0];
        errors.Add(new DefinitionError(ErrorKind.Meaning, node.Line.Number, word.Column, word.Text.Length, text));
    }
}
