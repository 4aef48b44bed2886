using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Printing;

/// <summary>The order of the messages within a message, some of which maps and groups make where their field stands.</summary>
internal sealed class NestedOrder
{
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);
    private readonly HashSet<DescriptorProto> _ofFields = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _extensionGroups;

    public NestedOrder(DescriptorProto message, string fullName)
    {
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < message.NestedType.Count; i++)
        {
            indexes["." + Names.Join(fullName, message.NestedType[i].Name)] = i;
        }

        foreach (var field in message.Field)
        {
            if (field.HasTypeName && indexes.TryGetValue(field.TypeName, out var index)
                && (field.Type == Type.Group || message.NestedType[index].Options is { MapEntry: true }))
            {
                _made[field.Name] = index;
                _ofFields.Add(message.NestedType[index]);
            }
        }

        _extensionGroups = GroupsOf(message.Extension);
    }

    /// <summary>The extension whose group a message is; -1 when it is none's.</summary>
    public int ExtensionOf(string fullName) => _extensionGroups.GetValueOrDefault("." + fullName, -1);

    /// <summary>The messages that groups among extensions make, with the extension's index.</summary>
    public static Dictionary<string, int> GroupsOf(IReadOnlyList<FieldDescriptorProto> extensions)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < extensions.Count; i++)
        {
            if (extensions[i].Type == Type.Group)
            {
                groups[extensions[i].TypeName] = i;
            }
        }

        return groups;
    }

    /// <summary>How many of the nested messages are done with.</summary>
    public int Position { get; set; }

    /// <summary>How many of the extensions declared in the message are printed.</summary>
    public int ExtensionsPrinted { get; set; }

    /// <summary>How many nested messages must come before a field so that the one it makes gets its place.</summary>
    public int Before(FieldDescriptorProto field) => _made.GetValueOrDefault(field.Name, 0);

    public bool IsOfField(DescriptorProto nested) => _ofFields.Contains(nested);
}
