using System.Text.RegularExpressions;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.OpenApi;

namespace SchemaStream.Registry.Tests.Conformance;

/// <summary>The API as its rows promise it: told as stories of requests and answers.</summary>
public sealed class ConformanceTests
{
    /// <summary>What stories call <c>&lt;long></c>: more than a schema may have.</summary>
    private static readonly string TooLong = new('x', 2 * 1024 * 1024);

    public static TheoryData<string, string> Titles()
    {
        var titles = new TheoryData<string, string>();
        foreach (var story in ApiStory.All)
        {
            titles.Add(story.File, story.Title);
        }

        return titles;
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task Story_GoesAsTold(string file, string title)
    {
        var story = ApiStory.All.Single(candidate => candidate.File == file && candidate.Title == title);
        var settings = story.Settings.Aggregate(new RegistrySettings(), (all, setting) =>
            all.With(setting.Key, setting.Value).TryGet(out var changed, out var error)
                ? changed
                : throw new InvalidOperationException(error.Message));
        await using var registry = await TestRegistry.StartAsync(settings);
        foreach (var step in story.Steps)
        {
            var body = step.Body?.Replace("<long>", TooLong, StringComparison.Ordinal);
            var answer = await registry.SendAsync(new HttpMethod(step.Method), step.Target, body);

            var told = $"{step.Place}: {step.Method} {step.Target} gave {answer.Status} {answer.Body}";
            answer.Status.ShouldBe(step.Status, told);
            if (int.TryParse(step.Expected, out var code) && step.Status >= 400)
            {
                answer.Body.ShouldStartWith($$"""{"error_code":{{code}},"message":""", Case.Sensitive, told);
            }
            else
            {
                ApiStory.Matches(step.Expected, answer.Body).ShouldBeTrue($"{told}\nexpected {step.Expected}");
            }
        }
    }

    [Fact]
    public void EveryRowParameterAndCode_IsShownByAStory()
    {
        var missing = new List<string>();
        foreach (var row in ApiOperations.All)
        {
            var steps = Steps(row);
            if (!steps.Any(step => step.Status == row.Status))
            {
                missing.Add($"{row.Method} {row.Path} -> {row.Status}");
            }

            missing.AddRange(
                from parameter in row.Query
                where !steps.Any(step => Regex.IsMatch(step.Target, $@"[?&]{parameter.TrimEnd('*')}="))
                select $"{row.Method} {row.Path} ?{parameter}");
            missing.AddRange(
                from code in row.Errors
                where !steps.Any(step => step.Expected == code.ToString(System.Globalization.CultureInfo.InvariantCulture))
                select $"{row.Method} {row.Path} -> {code}");
        }

        missing.ShouldBeEmpty();
    }

    private static ApiStep[] Steps(ApiOperation row)
    {
        var pattern = "^(/contexts/[^/]+)?" + Regex.Replace(Regex.Escape(row.Path), @"\\\{[^}]*}", "[^/]+") + @"(\?.*)?$";
        return
        [
            .. ApiStory.All.SelectMany(story => story.Steps)
                .Where(step => step.Method == row.Method && Regex.IsMatch(step.Target, pattern))
                .Where(step => BestRow(step) == row),
        ];
    }

    /// <summary>A literal segment goes before a parameter: /schemas/types is no id.</summary>
    private static ApiOperation? BestRow(ApiStep step)
    {
        var segments = step.Target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        segments = segments is ["contexts", _, _, ..] ? segments[2..] : segments;
        return ApiOperations.All
            .Where(row => row.Method == step.Method)
            .Select(row => (Row: row, Parts: row.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)))
            .Where(row => row.Parts.Length == segments.Length
                && row.Parts.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second))
            .OrderBy(row => row.Parts.Count(part => part.StartsWith('{')))
            .FirstOrDefault().Row;
    }
}
