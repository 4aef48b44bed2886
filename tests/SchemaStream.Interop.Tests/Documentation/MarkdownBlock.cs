using System.Runtime.CompilerServices;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>A fenced block of a page: its language, its text, and the text of an output block right behind it.</summary>
internal sealed record MarkdownBlock(string Page, int Line, string Language, string Text, string? Output)
{
    private const string Fence = "```";

    public static string Root { get; } = FindRoot();

    /// <summary>Every block of the pages that a user reads.</summary>
    public static IReadOnlyList<MarkdownBlock> All() =>
        [.. new[] { "README.md" }
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal))
            .SelectMany(Read)];

    private static IEnumerable<MarkdownBlock> Read(string page)
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
            var language = lines[i][Fence.Length..].Trim();
            while (lines[++i] != Fence)
            {
            }

            var text = string.Join('\n', lines[(start + 1)..i]);
            if (language == "text" && blocks.Count > 0 && lines[(blocks[^1].Line + blocks[^1].Text.Split('\n').Length + 1)..start].All(string.IsNullOrWhiteSpace))
            {
                blocks[^1] = blocks[^1] with { Output = text };
            }
            else
            {
                blocks.Add(new MarkdownBlock(page, start + 1, language, text, null));
            }
        }

        return blocks;
    }

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
