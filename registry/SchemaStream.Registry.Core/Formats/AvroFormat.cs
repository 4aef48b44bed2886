using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>Avro as the registry understands it. The rules are the Avro room's; the words are Confluent's.</summary>
public sealed class AvroFormat : ISchemaFormatSupport
{
    public SchemaFormat Format => SchemaFormat.Avro;

    public Outcome<ParsedSchema> Parse(
        string text, IReadOnlyList<ResolvedReference> references, SchemaStrictness strictness)
    {
        try
        {
            var known = new List<AvroSchema>(references.Count);
            foreach (var reference in references)
            {
                known.Add(AvroSchema.Parse(reference.Text, known, AvroValidation.Lenient));
            }

            var validation = strictness == SchemaStrictness.Strict ? AvroValidation.Strict : AvroValidation.Lenient;
            return new AvroParsedSchema(AvroSchema.Parse(text, known, validation), known);
        }
        catch (AvroSchemaException invalid)
        {
            return RegistryError.InvalidSchema(invalid.Message);
        }
    }

    public IReadOnlyList<CompatibilityViolation> CheckReads(
        ParsedSchema reader, ParsedSchema writer, CompatibilityPolicy policy)
    {
        try
        {
            var meaning = policy == CompatibilityPolicy.Logical ? LogicalTypeComparison.Compared : LogicalTypeComparison.Ignored;
            return AvroCompatibility.Check(((AvroParsedSchema)reader).Schema, ((AvroParsedSchema)writer).Schema, meaning);
        }
        catch (AvroSchemaException tooLarge)
        {
            // Beyond the limits of a comparison nothing can be promised, so nothing is.
            return [new CompatibilityViolation(CompatibilityKinds.TypeMismatch, "/", tooLarge.Message)];
        }
    }

    public string Describe(CompatibilityViolation violation, ReaderRole roles)
    {
        var (reader, writer) = roles == ReaderRole.NewReadsOld ? ("new", "old") : ("old", "new");
        var description = violation.Message
            .Replace("the reader", $"the {reader} schema", StringComparison.Ordinal)
            .Replace("the writer", $"the {writer} schema", StringComparison.Ordinal);
        return $"{{errorType:'{violation.Kind}', description:'{description} (path \"{violation.Path}\")', " +
            $"additionalInfo:'{violation.Detail}'}}";
    }
}

/// <summary>An Avro schema with the schemas it refers to.</summary>
internal sealed class AvroParsedSchema(AvroSchema schema, IReadOnlyList<AvroSchema> references) : ParsedSchema
{
    public AvroSchema Schema { get; } = schema;

    public override SchemaFormat Format => SchemaFormat.Avro;

    public override string StoredText => Schema.ToJson(references);

    public override string NormalizedText => AvroNormalForm.Print(Schema, references);

    public override string TextAs(string format) => format == "resolved" ? Schema.ToJson() : StoredText;

    public override string TypeName => Schema.ContractName;

    public override IReadOnlyList<EntityTags> InlineTags => AvroTags.In(Schema, references);

    public override Outcome<string> WithTags(IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove) =>
        add.Count == 0 && remove.Count == 0 ? StoredText : AvroTags.Change(StoredText, add, remove);

    public override IReadOnlyCollection<string> TopLevelFields =>
        Schema is AvroRecordSchema record ? [.. record.Fields.Select(part => part.Name)] : [];
}
