using System.Globalization;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>The schemas that a keyword's value holds, whatever else is wrong with it.</summary>
internal static class Subschemas
{
    /// <summary>Each with its step from the keyword, such as <c>/name</c>.</summary>
    public static IEnumerable<(string Step, JsonValue Schema)> Of(KeywordValue kind, JsonValue value) => kind switch
    {
        KeywordValue.Schema or KeywordValue.BooleanOrSchema => [("", value)],
        KeywordValue.SchemaMap or KeywordValue.PatternMap or KeywordValue.Dependencies =>
            value.Members.Select(member => ("/" + JsonPointers.Escape(member.Name), member.Value)),
        KeywordValue.SchemaList => Items(value),
        KeywordValue.Items => value.IsArray ? Items(value) : [("", value)],
        _ => [],
    };

    private static IEnumerable<(string Step, JsonValue Schema)> Items(JsonValue value) =>
        value.Items.Select((item, index) => ("/" + index.ToString(CultureInfo.InvariantCulture), item));
}
