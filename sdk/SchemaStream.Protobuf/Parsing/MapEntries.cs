using System.Text;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>The messages that map fields are made of.</summary>
internal static class MapEntries
{
    /// <summary>The name of the entry message of a map field.</summary>
    public static string NameOf(string field)
    {
        var name = new StringBuilder(field.Length + 5);
        var capital = true;
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

        return name.Append("Entry").ToString();
    }
}
