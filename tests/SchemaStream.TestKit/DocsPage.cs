using System.Runtime.CompilerServices;

namespace SchemaStream.TestKit;

/// <summary>A page of docs/ with tables that the program makes, each between a marker of its own and <c>&lt;!-- end --></c>.</summary>
/// <remarks>With SCHEMASTREAM_APPROVE=1 the tests write them.</remarks>
public static class DocsPage
{
    private const string Approve = "SCHEMASTREAM_APPROVE";
    private const string End = "<!-- end -->";

    /// <summary>Two tests of one page may write it at the same time.</summary>
    private static readonly Lock Writing = new();

    /// <summary>The page has what the program says, or gets it.</summary>
    /// <param name="name">The file in docs/.</param>
    /// <param name="marker">The comment before the table.</param>
    /// <param name="expected">The table.</param>
    public static void ShouldHave(string name, string marker, string expected)
    {
        var path = Path.Combine(Root(), "docs", name);
        lock (Writing)
        {
            var page = File.ReadAllText(path);
            var start = page.IndexOf(marker, StringComparison.Ordinal) + marker.Length + 1;
            var end = page.IndexOf(End, start, StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable(Approve) == "1")
            {
                File.WriteAllText(path, page[..start] + expected + page[end..]);
                return;
            }

            page[start..end].ShouldBe(expected, $"docs/{name} is behind: run this test with {Approve}=1");
        }
    }

    /// <summary>Text as a table's cell.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
