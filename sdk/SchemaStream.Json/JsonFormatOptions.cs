using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaStream.Json;

/// <summary>How JSON is written, read and held against its schema.</summary>
/// <example><code>
/// Formats = [new JsonSerializerProvider(new JsonFormatOptions { SerializerOptions = OrdersContext.Default.Options })]
/// </code></example>
public sealed record JsonFormatOptions
{
    /// <summary>
    /// The settings of System.Text.Json; give those of a source-generated context (<c>MyContext.Default.Options</c>) to do
    /// without reflection.
    /// </summary>
    public JsonSerializerOptions SerializerOptions { get; init; } = DefaultSerializerOptions;

    /// <summary>The edition of schemas that are derived from types. Draft 7 is what all serializers of Confluent's know.</summary>
    public JsonSchemaDraft Draft { get; init; } = JsonSchemaDraft.Draft7;

    /// <summary>
    /// Whether schemas that are derived from types allow members that the types do not have; false by default, as what is
    /// written has none. The rules of compatibility rest upon it: without them a member can be added under BACKWARD, with
    /// them one can be removed.
    /// </summary>
    public bool AllowAdditionalProperties { get; init; }

    /// <summary>When data is held against its schema; by default always.</summary>
    public JsonDataValidation Validation { get; init; } = JsonDataValidation.WritingAndReading;

    /// <summary>Schemas that are given, as text, instead of derived from the type.</summary>
    public IReadOnlyDictionary<Type, string> Schemas { get; init; } = new Dictionary<Type, string>();

    /// <summary>
    /// What is used without settings of your own: camelCase names, enums by their names, members without <c>?</c> never null,
    /// constructor parameters without a default required.
    /// </summary>
    public static JsonSerializerOptions DefaultSerializerOptions { get; } = CreateDefault();

    [UnconditionalSuppressMessage(
        "AOT", "IL3050", Justification = "Where code is compiled ahead, reflection over JSON is off, and these settings know no type: a context has to be given.")]
    private static JsonSerializerOptions CreateDefault()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.Converters.Add(new JsonStringEnumConverter());
        }

        return options;
    }
}
