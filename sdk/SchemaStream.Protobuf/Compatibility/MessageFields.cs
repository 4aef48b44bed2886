using Google.Protobuf.Reflection;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;

namespace SchemaStream.Protobuf.Compatibility;

/// <summary>A message's fields by number, and which of them exclude one another.</summary>
internal sealed class MessageFields
{
    private readonly Dictionary<int, MessageField> _byNumber = [];
    private readonly OrderedDictionary<string, List<int>> _oneofs = new(StringComparer.Ordinal);

    public MessageFields(NamedType type)
    {
        var message = type.Message;
        foreach (var field in message.Field)
        {
            // An optional field of proto3 has a oneof to itself in the descriptor, which nobody wrote.
            var oneof = field.HasOneofIndex && !field.Proto3Optional ? message.OneofDecl[field.OneofIndex].Name : null;
            var isUnlabelled = oneof is not null || (type.IsProto3 && !field.Proto3Optional && field.Label == Label.Optional);
            _byNumber[field.Number] = new MessageField(field, isUnlabelled ? null : field.Label, oneof);
            if (oneof is null)
            {
                continue;
            }

            if (!_oneofs.TryGetValue(oneof, out var members))
            {
                _oneofs.Add(oneof, members = []);
            }

            members.Add(field.Number);
        }
    }

    public IEnumerable<int> Numbers => _byNumber.Keys;

    /// <summary>The oneofs in the order of the text, with the numbers of their fields.</summary>
    public IReadOnlyDictionary<string, List<int>> Oneofs => _oneofs;

    public MessageField? Find(int number) => _byNumber.GetValueOrDefault(number);
}

/// <summary>A field, the label that somebody wrote, and the oneof that it is in.</summary>
internal sealed record MessageField(FieldDescriptorProto Proto, Label? Label, string? Oneof = null)
{
    /// <summary>Where it is, below its message.</summary>
    public string Path => Oneof is null
        ? FormattableString.Invariant($"{Proto.Number}")
        : FormattableString.Invariant($"{Oneof}/{Proto.Number}");
}
