using System.Text;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>What other names a field's name gives.</summary>
internal static class FieldNames
{
    /// <summary>A field's name in JSON where none is given.</summary>
    public static string Json(string field) => WithoutUnderscores(field, capital: false);

    /// <summary>The name of the entry message of a map field.</summary>
    public static string MapEntry(string field) => WithoutUnderscores(field, capital: true) + "Entry";

    private static string WithoutUnderscores(string field, bool capital)
    {
        var name = new StringBuilder(field.Length);
        foreach (var c in field)
        {
            if (c == '_')
            {
                capital = true;
                continue;
            }

            name.Append(capital ? char.ToUpperInvariant(c) : c);
            capital = false;
        }

        return name.ToString();
    }
}
