using System.Buffers;
using SchemaStream.Protobuf;
using SchemaStream.Protobuf.Compatibility;
using SchemaStream.Registry.Core.Compatibility;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>Protobuf as the registry understands it: <c>.proto</c> texts, and descriptors in base64. The rules are the Protobuf room's.</summary>
public sealed class ProtobufFormat : ISchemaFormatSupport
{
    private static readonly SearchValues<char> DescriptorCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n");

    public SchemaFormat Format => SchemaFormat.Protobuf;

    public Outcome<ParsedSchema> Parse(
        string text, IReadOnlyList<ResolvedReference> references, SchemaStrictness strictness)
    {
        try
        {
            var imports = new List<ProtoImport>(references.Count);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var reference in references)
            {
                // One path can be reached in several versions, each by another file. A program can be built with one of
                // them alone, so the first is taken, as in Confluent's registry.
                if (names.Add(reference.Name))
                {
                    imports.Add(IsDescriptor(reference.Text)
                        ? ProtoImport.FromDescriptor(reference.Name, reference.Text)
                        : ProtoImport.FromText(reference.Name, reference.Text));
                }
            }

            var schema = IsDescriptor(text) ? ProtoSchema.ParseDescriptor(text, imports) : ProtoSchema.Parse(text, imports);
            return new ProtobufParsedSchema(schema, imports);
        }
        catch (ProtoSchemaException invalid)
        {
            return RegistryError.InvalidSchema($"Invalid Protobuf schema: {invalid.Message}");
        }
    }

    public IReadOnlyList<CompatibilityViolation> CheckReads(
        ParsedSchema reader, ParsedSchema writer, CompatibilityPolicy policy)
    {
        try
        {
            return ProtobufCompatibility.Check(((ProtobufParsedSchema)reader).Schema, ((ProtobufParsedSchema)writer).Schema);
        }
        catch (ProtoSchemaException tooLarge)
        {
            // Beyond the limits of a comparison nothing can be promised, so nothing is.
            return [new CompatibilityViolation(DifferenceKinds.FieldNamedTypeChanged, "#/", tooLarge.Message)];
        }
    }

    public string Describe(CompatibilityViolation violation, ReaderRole roles)
    {
        var (reader, writer) = roles == ReaderRole.NewReadsOld ? ("new", "old") : ("old", "new");
        var description = violation.Message
            .Replace("the reader", $"the {reader} schema", StringComparison.Ordinal)
            .Replace("the writer", $"the {writer} schema", StringComparison.Ordinal);
        return $"{{errorType:\"{violation.Kind}\", description:\"{description}\"}}";
    }

    // No statement of a .proto file is without a semicolon or a brace, and a file without statements says nothing.
    private static bool IsDescriptor(string text) => !text.AsSpan().ContainsAnyExcept(DescriptorCharacters);
}
