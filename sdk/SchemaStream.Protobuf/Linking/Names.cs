using System.Text;

namespace SchemaStream.Protobuf.Linking;

/// <summary>How names are put together and changed.</summary>
internal static class Names
{
    public static string Join(string scope, string name) => scope.Length == 0 ? name : scope + "." + name;

    public static string Parent(string fullName)
    {
        var dot = fullName.LastIndexOf('.');
        return dot < 0 ? "" : fullName[..dot];
    }

    /// <summary>A field's name in JSON where none is given.</summary>
    public static string Json(string field)
    {
        var name = new StringBuilder(field.Length);
        var capital = false;
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

    public static bool IsIdentifier(string name) =>
        name.Length > 0 && Parsing.Tokenizer.IsLetter(name[0]) && name.All(Parsing.Tokenizer.IsLetterOrDigit);
}
