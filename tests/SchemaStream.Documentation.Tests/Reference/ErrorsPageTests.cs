using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Registry.Core;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Reference;

/// <summary>The registry's codes on docs/errors.md are those of the code. With SCHEMASTREAM_APPROVE=1 the test writes them.</summary>
public sealed partial class ErrorsPageTests
{
    [Fact]
    public void RegistrysCodes_AreAllThereAre()
    {
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (Code: (int)field.GetRawConstantValue()!, field.Name)).OrderBy(each => each.Code);
        var table = new StringBuilder("| code | status | meaning |\n|---|---|---|\n");
        foreach (var (code, name) in codes)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {code} | {code / 100} | {Capital().Replace(name, " $0").Trim().ToLowerInvariant()} |\n");
        }

        DocsPage.ShouldHave("errors.md", "<!-- registry -->", table.ToString());
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
