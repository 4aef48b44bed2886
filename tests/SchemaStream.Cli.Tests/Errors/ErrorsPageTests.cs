using System.Globalization;
using System.Text;
using SchemaStream.Cli.Errors;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Errors;

/// <summary>The commands' failures on docs/errors.md are those of the catalog. With SCHEMASTREAM_APPROVE=1 the test writes them.</summary>
public sealed class ErrorsPageTests
{
    [Fact]
    public void Codes_AreAllThereAre()
    {
        var table = new StringBuilder("| code | what | when | next step | exit code |\n|---|---|---|---|---|\n");
        foreach (var kind in ErrorCatalog.All.OrderBy(each => each.Code, StringComparer.Ordinal))
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {kind.Code} | {DocsPage.Cell(kind.Title)} | {DocsPage.Cell(kind.Text)} | {DocsPage.Cell(kind.NextStep)} | {kind.ExitCode} |\n");
        }

        DocsPage.ShouldHave("errors.md", "<!-- commands -->", table.ToString());
    }

    [Fact]
    public void Codes_AreGivenOnce() => ErrorCatalog.All.Select(each => each.Code).ShouldBeUnique();
}
