using SchemaStream.TestKit;
using Shop.Contracts;

namespace SchemaStream.Samples.Tests.Programs;

/// <summary><c>samples/Shop.Contracts/schemas.lock</c>.</summary>
public sealed class ContractsLockTests
{
    [Fact]
    public async Task Lock_IsUpToDate()
    {
        var file = Path.Combine(MarkdownBlock.Root, "samples", "Shop.Contracts", "schemas.lock");

        var (exit, output, errors) = await ProgramProcess.RunAsync(["schemas", "lock", "--assembly", typeof(Topics).Assembly.Location, "--file", file, "--check"]);

        exit.ShouldBe(0, errors);
        output.ShouldContain("7 contracts");
    }
}
