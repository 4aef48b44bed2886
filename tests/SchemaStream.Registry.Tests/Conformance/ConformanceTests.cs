using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Tests.Conformance;

/// <summary>The API as its rows promise it: told as stories of requests and answers.</summary>
public sealed class ConformanceTests
{
    private static readonly string TooLong = $$"""{"schema":"{{new string('x', 2 * 1024 * 1024)}}"}""";

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
            var body = step.Body == "<long>" ? TooLong : step.Body;
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
}
