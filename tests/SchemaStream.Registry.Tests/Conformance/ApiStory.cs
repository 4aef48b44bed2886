using System.Text.RegularExpressions;

namespace SchemaStream.Registry.Tests.Conformance;

/// <summary>A request and what must come back.</summary>
internal sealed record ApiStep(string Place, string Method, string Target, string? Body, int Status, string Expected);

/// <summary>Steps that are told to one registry, in order.</summary>
internal sealed partial record ApiStory(string File, string Title, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<ApiStep> Steps)
{
    /// <summary>
    /// Reads a file of stories. <c>== title</c> begins one (<c>== title | key=value</c> with a setting); a step is
    /// <c>METHOD target body</c> and, below it, <c>status error-code</c> or <c>status JSON</c>; <c>#</c> is a comment.
    /// </summary>
    public static IReadOnlyList<ApiStory> Read(string path)
    {
        var stories = new List<ApiStory>();
        var steps = new List<ApiStep>();
        string[]? request = null;
        foreach (var (line, number) in System.IO.File.ReadAllLines(path).Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                steps = [];
                stories.Add(Begin(path, line[3..], steps));
            }
            else if (request is null)
            {
                request = line.Split(' ', 3);
            }
            else
            {
                var answer = line.Split(' ', 2);
                steps.Add(new ApiStep(
                    $"{Path.GetFileName(path)}:{number}",
                    request[0],
                    request[1],
                    request.Length > 2 ? request[2] : null,
                    int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture),
                    answer.Length > 1 ? answer[1] : ""));
                request = null;
            }
        }

        request.ShouldBeNull($"{path} ends with a request that nothing is expected of.");
        return stories;
    }

    /// <summary>All files of stories, beside the tests.</summary>
    public static IReadOnlyList<ApiStory> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Conformance", "stories"), "*.txt")
            .Order(StringComparer.Ordinal)
            .SelectMany(Read),
    ];

    /// <summary>Whether an answer is as expected: a star stands for any value, the order of properties counts.</summary>
    public static bool Matches(string expected, string actual)
    {
        if (expected is "*")
        {
            return true;
        }

        var pattern = string.Concat(Star().Split(expected).Select(part =>
            part is "\"*\"" ? """("[^"]*"|\d+|true|false)""" : Regex.Escape(part)));
        return Regex.IsMatch(actual, $"^{pattern}$", RegexOptions.Singleline);
    }

    private static ApiStory Begin(string path, string heading, List<ApiStep> steps)
    {
        var parts = heading.Split(" | ");
        var settings = parts.Skip(1).Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new ApiStory(Path.GetFileName(path), parts[0], settings, steps);
    }

    [GeneratedRegex("(\"\\*\")")]
    private static partial Regex Star();
}
