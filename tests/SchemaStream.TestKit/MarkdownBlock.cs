using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SchemaStream.TestKit;

/// <summary>A fenced block of a page that a user reads.</summary>
/// <param name="Page">The file, from the repository's root.</param>
/// <param name="Line">The line of the opening fence, from 1.</param>
/// <param name="Language">The first word behind the fence.</param>
/// <param name="Mark">
/// What stands behind it: <c>of FILE</c> where the block is lines of a file, <c>by Class.Method</c> where a test of its own runs it or
/// holds it to what is so. A block of <c>sh</c> or <c>csharp</c> without a mark is run, or is compiled in a sample or a page's class.
/// </param>
/// <param name="Text">The lines between the fences.</param>
/// <param name="Output">The text of an unmarked <c>text</c> block right behind it.</param>
public sealed record MarkdownBlock(string Page, int Line, string Language, string Mark, string Text, string? Output)
{
    private const string Fence = "```";

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every block of the pages.</summary>
    public static IReadOnlyList<MarkdownBlock> All() =>
        [.. new[] { "README.md" }
            .Concat(Below("docs", "*.md"))
            .Concat(new[] { "sdk", "cli" }.SelectMany(folder => Below(folder, "PACKAGE.md")))
            .SelectMany(Read)];

    /// <summary>The blocks of one page.</summary>
    public static IReadOnlyList<MarkdownBlock> Of(string page) => [.. Read(page)];

    /// <summary>Fails unless a command printed what the page has behind it; <c>…</c> there is a word that differs from run to run.</summary>
    /// <param name="printed">What the command of this block printed.</param>
    public void ShouldHavePrinted(string printed)
    {
        if (Output is { } output)
        {
            var pattern = Regex.Escape(output.Trim()).Replace("…", @"\S+", StringComparison.Ordinal);
            Regex.IsMatch(printed.Trim(), $"^{pattern}$").ShouldBeTrue($"{Page}:{Line} says\n{output}\nand printed was\n{printed}");
        }
    }

    private static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    private static List<MarkdownBlock> Read(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, page));
        var blocks = new List<MarkdownBlock>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var start = i;
            var info = lines[i][Fence.Length..].Trim().Split(' ', 2);
            while (lines[++i] != Fence)
            {
            }

            var text = string.Join('\n', lines[(start + 1)..i]);
            if (info is ["text"] && blocks.Count > 0 && lines[(blocks[^1].Line + blocks[^1].Text.Split('\n').Length + 1)..start].All(string.IsNullOrWhiteSpace))
            {
                blocks[^1] = blocks[^1] with { Output = text };
            }
            else
            {
                blocks.Add(new MarkdownBlock(page, start + 1, info[0], info.ElementAtOrDefault(1) ?? "", text, null));
            }
        }

        return blocks;
    }

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
