using System.Runtime.CompilerServices;
using System.Text;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Tests.Documentation;

/// <summary>
/// The tables of the page on operations are those of the program. With SCHEMASTREAM_APPROVE=1 the tests write them.
/// </summary>
public sealed class OperationsTablesTests
{
    private const string Approve = "SCHEMASTREAM_APPROVE";
    private const string End = "<!-- end -->";

    private static readonly string PagePath = Path.Combine(Root(), "docs", "operations.md");

    private static readonly Lock Writing = new();

    [Fact]
    public void Metrics_AreAllThereAre() => ShouldHave("<!-- metrics -->", Metrics());

    [Fact]
    public void Settings_AreAllThereAre() => ShouldHave("<!-- settings -->", Settings());

    private static string Metrics()
    {
        var table = new StringBuilder("| metric | kind | unit | tags | meaning |\n|---|---|---|---|---|\n");
        foreach (var metric in BrokerMetrics.All)
        {
            table.Append($"| `{metric.Name}` | {metric.Kind.ToString().ToLowerInvariant()} | {metric.Unit} ")
                .Append($"| {string.Join(", ", metric.Tags.Select(tag => $"`{tag}`"))} | {Cell(metric.Description)} |\n");
        }

        return table.ToString();
    }

    private static string Settings()
    {
        var table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        foreach (var setting in BrokerSettingDefinitions.All.Values.OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            table.Append($"| `{setting.Name}` | {Default(setting)} | {Cell(setting.Documentation)} |\n");
        }

        return table.ToString();
    }

    private static string Default(BrokerSettingDefinition setting) => setting.Name switch
    {
        BrokerSettingNames.Lanes => "one a processor, at least 2",
        _ when setting.DefaultValue is { Length: > 0 } value => $"`{value}`",
        _ => "",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');

    private static void ShouldHave(string marker, string expected)
    {
        lock (Writing)
        {
            var page = File.ReadAllText(PagePath);
            var start = page.IndexOf(marker, StringComparison.Ordinal) + marker.Length + 1;
            var end = page.IndexOf(End, start, StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable(Approve) == "1")
            {
                File.WriteAllText(PagePath, page[..start] + expected + page[end..]);
                return;
            }

            page[start..end].ShouldBe(expected, $"docs/operations.md is behind: run this test with {Approve}=1");
        }
    }

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
