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

    public static bool IsIdentifier(string name) =>
        name.Length > 0 && Parsing.Tokenizer.IsLetter(name[0]) && name.All(Parsing.Tokenizer.IsLetterOrDigit);
}
