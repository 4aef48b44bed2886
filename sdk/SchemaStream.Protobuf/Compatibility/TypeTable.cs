using Google.Protobuf.Reflection;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Compatibility;

/// <summary>All messages that fields of a schema can be of, by full name.</summary>
internal sealed class TypeTable
{
    private readonly Dictionary<string, NamedType> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Extendee, int Number), FieldDescriptorProto> _extensions = [];

    public TypeTable(ProtoSchema schema)
    {
        foreach (var dependency in schema.Dependencies)
        {
            Collect(dependency, TypeOrigin.Import);
        }

        Collect(schema.File, TypeOrigin.Schema);
    }

    /// <summary>The fields that the schema itself adds to messages, its own or imported ones; those of options are not data.</summary>
    public IReadOnlyDictionary<(string Extendee, int Number), FieldDescriptorProto> Extensions => _extensions;

    public NamedType Get(string fullName) => _types[fullName];

    /// <summary>Whether the message is the body of a group, which has no life of its own beside the group's field.</summary>
    public bool IsGroup(string fullName) => _groups.Contains(fullName);

    private void Collect(FileDescriptorProto file, TypeOrigin origin)
    {
        var scope = file.Package.Length == 0 ? "" : "." + file.Package;
        foreach (var message in file.MessageType)
        {
            Collect(message, scope, file, origin);
        }

        CollectFields([], file.Extension, origin);
    }

    // As deep as messages may be nested, which the linker bounds.
    private void Collect(DescriptorProto message, string scope, FileDescriptorProto file, TypeOrigin origin)
    {
        var fullName = $"{scope}.{message.Name}";
        _types[fullName] = new NamedType(fullName, file, message, origin);
        CollectFields(message.Field, message.Extension, origin);
        foreach (var nested in message.NestedType)
        {
            Collect(nested, fullName, file, origin);
        }
    }

    private void CollectFields(
        IEnumerable<FieldDescriptorProto> fields, IEnumerable<FieldDescriptorProto> extensions, TypeOrigin origin)
    {
        foreach (var group in fields.Where(static f => f.Type == Type.Group))
        {
            _groups.Add(group.TypeName);
        }

        foreach (var extension in extensions)
        {
            if (extension.Type == Type.Group)
            {
                _groups.Add(extension.TypeName);
            }

            if (origin == TypeOrigin.Schema && !extension.Extendee.StartsWith(".google.protobuf.", StringComparison.Ordinal))
            {
                _extensions[(extension.Extendee, extension.Number)] = extension;
            }
        }
    }
}
