using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tags;

/// <summary>The messages and fields of a file by the paths that tags have, and what becomes of their tags.</summary>
internal sealed class TaggedParts
{
    private readonly FileDescriptorProto _file;
    private readonly Dictionary<(string Path, ProtoTagTarget Target), Part> _parts = [];

    /// <param name="file">The file, which <see cref="Write"/> changes.</param>
    public TaggedParts(FileDescriptorProto file)
    {
        _file = file;
        foreach (var message in file.MessageType)
        {
            Collect(message, message.Name);
        }
    }

    /// <summary>The tags of a part, to be changed.</summary>
    public MetaOption Find(ProtoTag tag)
    {
        // Confluent's paths begin with the message; one that begins with the package means the same.
        var prefix = _file.Package + ".";
        if (_parts.TryGetValue((tag.Path, tag.Target), out var part)
            || (tag.Path.StartsWith(prefix, StringComparison.Ordinal)
                && _parts.TryGetValue((tag.Path[prefix.Length..], tag.Target), out part)))
        {
            return part.Meta;
        }

        var what = tag.Target == ProtoTagTarget.Field ? "field" : "message";
        var path = tag.Path.Length > 200 ? tag.Path[..200] + "..." : tag.Path;
        throw new ProtoSchemaException($"The schema has no {what} '{path}' that a tag could be on.");
    }

    /// <summary>Writes what was changed into the file.</summary>
    public void Write()
    {
        foreach (var part in _parts.Values.Where(static part => part.IsOpen))
        {
            part.Write();
        }
    }

    private void Collect(DescriptorProto message, string path)
    {
        if (message.Options?.MapEntry == true)
        {
            return;
        }

        _parts[(path, ProtoTagTarget.Message)] = new Part(
            message.Options, bytes => message.Options = bytes.Length == 0 ? null : MessageOptions.Parser.ParseFrom(bytes));
        foreach (var field in message.Field)
        {
            _parts[($"{path}.{field.Name}", ProtoTagTarget.Field)] = new Part(
                field.Options, bytes => field.Options = bytes.Length == 0 ? null : FieldOptions.Parser.ParseFrom(bytes));
        }

        foreach (var nested in message.NestedType)
        {
            Collect(nested, $"{path}.{nested.Name}");
        }
    }

    /// <summary>One message or field, whose options are taken apart when first asked for.</summary>
    private sealed class Part(IMessage? options, Action<byte[]> write)
    {
        private MetaOption? _meta;
        private byte[] _others = [];

        public bool IsOpen => _meta is not null;

        public MetaOption Meta => _meta ??= Open();

        public void Write() => write(Meta.Join(_others));

        private MetaOption Open()
        {
            var (meta, others) = options is null ? (null, []) : MetaOption.Split(options);
            _others = others;
            return meta ?? new MetaOption();
        }
    }
}
