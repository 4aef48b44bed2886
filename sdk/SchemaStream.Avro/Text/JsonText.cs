using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SchemaStream.Avro.Text;

/// <summary>Writes compact JSON as Apache's tools do: only quotes, backslashes and control characters are escaped.</summary>
internal static class JsonText
{
    public static StringBuilder AppendJson(this StringBuilder output, string text)
    {
        output.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append("\\\\"),
                '\b' => output.Append("\\b"),
                '\f' => output.Append("\\f"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                < ' ' => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => output.Append(c),
            };
        }

        return output.Append('"');
    }

    /// <summary>A value without its white space; numbers as they were written. Nesting is bounded by the parser.</summary>
    public static StringBuilder AppendJson(this StringBuilder output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return output.AppendJson(value.GetString()!);
            case JsonValueKind.Array:
                output.Append('[');
                var items = 0;
                foreach (var item in value.EnumerateArray())
                {
                    output.Append(items++ == 0 ? "" : ",").AppendJson(item);
                }

                return output.Append(']');
            case JsonValueKind.Object:
                output.Append('{');
                var members = 0;
                foreach (var member in value.EnumerateObject())
                {
                    output.Append(members++ == 0 ? "" : ",").AppendJson(member.Name).Append(':').AppendJson(member.Value);
                }

                return output.Append('}');
            default:
                return output.Append(value.GetRawText());
        }
    }
}
