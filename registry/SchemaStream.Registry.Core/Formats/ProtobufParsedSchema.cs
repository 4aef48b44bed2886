using SchemaStream.Protobuf;
using SchemaStream.Protobuf.Tags;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>A Protobuf schema with the files that it imports.</summary>
internal sealed class ProtobufParsedSchema(ProtoSchema schema, IReadOnlyList<ProtoImport> imports) : ParsedSchema
{
    public ProtoSchema Schema { get; } = schema;

    public override SchemaFormat Format => SchemaFormat.Protobuf;

    public override string StoredText => Schema.ToText();

    public override string NormalizedText => Schema.ToNormalizedText();

    public override string? TypeName => Schema.FirstMessageName;

    public override IReadOnlyCollection<string> TopLevelFields => [.. Schema.TopLevelFieldNames];

    public override IReadOnlyList<EntityTags> InlineTags =>
    [
        .. from tag in ProtoTags.Read(Schema)
           let type = tag.Target == ProtoTagTarget.Message ? SchemaEntityType.Record : SchemaEntityType.Field
           select new EntityTags(tag.Path, type, tag.Tags),
    ];

    public override string TextAs(string format) => format switch
    {
        "serialized" => Schema.ToBase64(),
        "ignore_extensions" => Schema.ToTextWithoutExtensions(),
        _ => StoredText,
    };

    public override Outcome<string> WithTags(IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove)
    {
        try
        {
            return ProtoTags.Change(Schema, imports, [.. add.Select(Understood)], [.. remove.Select(Understood)]).ToText();
        }
        catch (ProtoSchemaException unknown)
        {
            return RegistryError.InvalidSchema(unknown.Message);
        }
    }

    private static ProtoTag Understood(EntityTags tags) => new(
        tags.NormalizedPath,
        tags.Type == SchemaEntityType.Record ? ProtoTagTarget.Message : ProtoTagTarget.Field,
        tags.Tags);
}
