using System.Globalization;
using System.Text;

namespace SchemaStream.Json.Text;

/// <summary>Writes JSON without white space: only quotes, backslashes and control characters are escaped.</summary>
internal static class JsonPrinter
{
    private enum Layout
    {
        AsWritten = 0,
        Sorted = 1,
        Canonical = 2,
    }

    /// <summary>Members in their order, numbers as they were written.</summary>
    public static string Print(JsonValue value) => Print(value, Layout.AsWritten);

    /// <summary>Members sorted by name, numbers as they were written.</summary>
    public static string PrintSorted(JsonValue value) => Print(value, Layout.Sorted);

    /// <summary>Members sorted by name, one form of each number.</summary>
    public static string PrintCanonical(JsonValue value) => Print(value, Layout.Canonical);

    private static string Print(JsonValue value, Layout layout)
    {
        var output = new StringBuilder();
        Append(output, value, layout);
        return output.ToString();
    }

    private static void Append(StringBuilder output, JsonValue value, Layout layout)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                AppendText(output, value.Text);
                break;
            case JsonKind.Array:
                output.Append('[');
                for (var i = 0; i < value.Items.Length; i++)
                {
                    output.Append(i == 0 ? "" : ",");
                    Append(output, value.Items[i], layout);
                }

                output.Append(']');
                break;
            case JsonKind.Object:
                AppendMembers(output, value.Members, layout);
                break;
            case JsonKind.Number when layout == Layout.Canonical:
                output.Append(JsonNumber.Parse(value.Text).ToString());
                break;
            default:
                output.Append(value.Text);
                break;
        }
    }

    private static void AppendMembers(StringBuilder output, JsonMember[] members, Layout layout)
    {
        if (layout != Layout.AsWritten)
        {
            members = (JsonMember[])members.Clone();
            Array.Sort(members, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        }

        output.Append('{');
        for (var i = 0; i < members.Length; i++)
        {
            output.Append(i == 0 ? "" : ",");
            AppendText(output, members[i].Name);
            output.Append(':');
            Append(output, members[i].Value, layout);
        }

        output.Append('}');
    }

    private static void AppendText(StringBuilder output, string text)
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

        output.Append('"');
    }
}
