using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tags;

/// <summary>Reads and changes the tags that a schema's own text carries, as data catalogues and field encryption use them.</summary>
public static class ProtoTags
{
    private const string MetaFile = "confluent/meta.proto";

    /// <summary>All tags of the schema's messages and fields; what has none is left out.</summary>
    /// <param name="schema">The schema.</param>
    public static IReadOnlyList<ProtoTag> Read(ProtoSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var tags = new List<ProtoTag>();
        if (schema.Dependencies.Any(static file => file.Name == MetaFile))
        {
            foreach (var message in schema.File.MessageType)
            {
                Read(message, message.Name, tags);
            }
        }

        return tags;
    }

    /// <summary>The schema with tags added to its parts, and others taken away after that.</summary>
    /// <param name="schema">The schema, which is not changed.</param>
    /// <param name="imports">The files that the schema imports.</param>
    /// <param name="add">Tags to add; those that are there already stay once.</param>
    /// <param name="remove">Tags to take away; those that are not there are passed over.</param>
    /// <exception cref="ProtoSchemaException">A path leads to nothing in the schema.</exception>
    public static ProtoSchema Change(
        ProtoSchema schema,
        IReadOnlyList<ProtoImport> imports,
        IReadOnlyList<ProtoTag> add,
        IReadOnlyList<ProtoTag> remove)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(imports);
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(remove);
        if (add.Count == 0 && remove.Count == 0)
        {
            return schema;
        }

        var file = schema.File.Clone();
        foreach (var tag in add)
        {
            Apply(file, tag, static (meta, tags) => meta.Add(tags));
        }

        foreach (var tag in remove)
        {
            Apply(file, tag, static (meta, tags) => meta.Remove(tags));
        }

        if (add.Count > 0 && !file.Dependency.Contains(MetaFile))
        {
            file.Dependency.Add(MetaFile);
        }

        return ProtoSchema.FromFile(file, imports);
    }

    private static void Read(DescriptorProto message, string path, List<ProtoTag> tags)
    {
        Add(path, ProtoTagTarget.Message, message.Options);
        foreach (var field in message.Field)
        {
            Add($"{path}.{field.Name}", ProtoTagTarget.Field, field.Options);
        }

        foreach (var nested in message.NestedType)
        {
            Read(nested, $"{path}.{nested.Name}", tags);
        }

        void Add(string part, ProtoTagTarget target, IMessage? options)
        {
            if (options is not null && MetaOption.Split(options).Meta is { Tags.Count: > 0 } meta)
            {
                tags.Add(new ProtoTag(part, target, [.. meta.Tags]));
            }
        }
    }

    private static void Apply(FileDescriptorProto file, ProtoTag tag, Action<MetaOption, IReadOnlyList<string>> change)
    {
        var names = Unqualified(file, tag.Path).Split('.');
        var isField = tag.Target == ProtoTagTarget.Field;
        var message = Find(file, isField ? names.AsSpan(..^1) : names);
        var field = isField ? message?.Field.FirstOrDefault(f => f.Name == names[^1]) : null;
        if (message is null || (isField && field is null))
        {
            throw new ProtoSchemaException(
                $"The schema has no {(isField ? "field" : "message")} '{tag.Path}' that a tag could be on.");
        }

        if (field is not null)
        {
            field.Options = Changed(field.Options, tag.Tags, change, FieldOptions.Parser);
        }
        else
        {
            message.Options = Changed(message.Options, tag.Tags, change, MessageOptions.Parser);
        }
    }

    // Confluent's paths begin with the message; one that begins with the package means the same.
    private static string Unqualified(FileDescriptorProto file, string path)
    {
        var first = path.Split('.')[0];
        return file.Package.Length > 0
            && path.StartsWith(file.Package + ".", StringComparison.Ordinal)
            && file.MessageType.All(message => message.Name != first)
            ? path[(file.Package.Length + 1)..]
            : path;
    }

    private static T? Changed<T>(
        T? options, IReadOnlyList<string> tags, Action<MetaOption, IReadOnlyList<string>> change, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var (meta, others) = options is null ? (null, []) : MetaOption.Split(options);
        meta ??= new MetaOption();
        change(meta, tags);
        var bytes = meta.Join(others);
        return bytes.Length == 0 ? null : parser.ParseFrom(bytes);
    }

    private static DescriptorProto? Find(FileDescriptorProto file, ReadOnlySpan<string> names)
    {
        DescriptorProto? message = null;
        foreach (var name in names)
        {
            message = (message?.NestedType ?? file.MessageType).FirstOrDefault(m => m.Name == name && m.Options?.MapEntry != true);
            if (message is null)
            {
                return null;
            }
        }

        return message;
    }
}
