namespace SchemaStream.Registry.Security.Identities;

/// <summary>Files of identities and permissions: lines, with blank ones and comments between. They are read once, at the start.</summary>
internal static class SecretLines
{
    private const int LargestFile = 16 * 1024 * 1024;

    public static string Read(string path) => new FileInfo(path).Length <= LargestFile
        ? File.ReadAllText(path)
        : throw new FormatException($"the file has more than {LargestFile} bytes");

    /// <summary>The lines that say something, with their numbers.</summary>
    public static IEnumerable<(int Number, string Text)> Of(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = line.Trim();
            if (content.Length > 0 && content[0] != '#')
            {
                yield return (number, content);
            }
        }
    }

    public static string[] Names(string list) =>
        list.Split([',', ' ', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
