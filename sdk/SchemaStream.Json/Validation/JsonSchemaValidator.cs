using System.Globalization;
using System.Text;

namespace SchemaStream.Json.Validation;

/// <summary>Holds JSON data, as UTF-8, against a JSON Schema of any draft from 4 to 2020-12.</summary>
/// <remarks>
/// <para>Made once per schema, thread-safe, and without allocations for data that follows the schema, but for what is rare:
/// <c>unevaluated…</c>, large <c>uniqueItems</c>, objects and arrays within <c>enum</c>.</para>
/// <para>Whatever the schema and the data, the answer comes within bounds: on depth, on the length of numbers, and on the steps
/// that one validation may take (<see cref="JsonSchemaLimits"/>). Beyond them data counts as not following the schema.</para>
/// <para><c>format</c> and the <c>content…</c> keywords say what a text means and refuse none, as in the specification.
/// <c>$dynamicRef</c> and <c>$recursiveRef</c> are followed as they stand. Numbers are compared exactly, not as doubles.</para>
/// </remarks>
/// <example><code>
/// var validator = new JsonSchemaValidator(JsonSchema.Parse("""{"type": "object", "required": ["id"]}"""));
/// Console.WriteLine(validator.Validate("{}"u8)); // the value has no member 'id' (#/required)
/// </code></example>
public sealed class JsonSchemaValidator
{
    private readonly CompiledSchema _root;
    private readonly int _maxDepth;

    /// <summary>Makes the validator of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="maxDepth">How deep data may nest; deeper data is refused.</param>
    /// <exception cref="JsonSchemaException">
    /// It refers to a schema that is not at hand, or has a regular expression that .NET cannot match.
    /// </exception>
    public JsonSchemaValidator(JsonSchema schema, int maxDepth = 64)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDepth, JsonSchemaLimits.MaxJsonDepth);
        _maxDepth = maxDepth;
        _root = SchemaCompiler.Compile(schema.Root);
    }

    /// <summary>Holds data against the schema.</summary>
    /// <param name="utf8">One JSON value as UTF-8.</param>
    /// <returns>What does not follow the schema, the first that was found; null where all does.</returns>
    public JsonViolation? Validate(ReadOnlySpan<byte> utf8)
    {
        var tape = JsonTape.Rent();
        try
        {
            if (tape.Read(utf8, _maxDepth) is { } unreadable)
            {
                return new JsonViolation("", "#", unreadable);
            }

            var evaluation = new Evaluation(utf8, tape.Tokens);
            return evaluation.Follows(_root, 0, null) ? null : Explain(evaluation.FirstFailure!, tape, utf8);
        }
        catch (ValidationLimitException limit)
        {
            return new JsonViolation("", "#", limit.Message);
        }
        finally
        {
            tape.Return();
        }
    }

    private static JsonViolation Explain(Evaluation.Failure failure, JsonTape tape, ReadOnlySpan<byte> utf8) => new(
        PointerTo(failure.Place, tape.Tokens, utf8),
        failure.Keyword == "false" ? failure.Schema.Pointer : $"{failure.Schema.Pointer}/{failure.Keyword}",
        failure.Message);

    /// <summary>Walks down to a place, through whatever is open around it.</summary>
    private static string PointerTo(int place, JsonToken[] tokens, ReadOnlySpan<byte> utf8)
    {
        var pointer = new StringBuilder();
        var at = 0;
        while (at != place)
        {
            var isArray = tokens[at].Kind == JsonTokenKind.Array;
            var (next, index) = (at + 1, 0);
            while (place >= (isArray ? tokens[next].Next : tokens[next + 1].Next))
            {
                next = isArray ? tokens[next].Next : tokens[next + 1].Next;
                index++;
            }

            pointer.Append('/').Append(isArray
                ? index.ToString(CultureInfo.InvariantCulture)
                : Encoding.UTF8.GetString(utf8.Slice(tokens[next].Start, tokens[next].Length))
                    .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            if (!isArray && place == next)
            {
                break;
            }

            at = isArray ? next : next + 1;
        }

        return pointer.ToString();
    }
}
