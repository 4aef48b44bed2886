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
        var parts = new TaggedParts(file);
        foreach (var tag in add)
        {
            parts.Find(tag).Add(tag.Tags);
        }

        foreach (var tag in remove)
        {
            parts.Find(tag).Remove(tag.Tags);
        }

        parts.Write();
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
}
