using SchemaStream.Samples.Tests.Programs;

namespace SchemaStream.Samples.Tests.Demo;

/// <summary>The two demonstrations end by themselves, and are as they say.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Shop_WhoseServicesAreKilled_CountsEveryOrderOnce()
    {
        var (exitCode, written) = await RunningProgram.RunAsync(SourceTree.File("demo.sh"), ["shop", "--seconds", "3"]);

        exitCode.ShouldBe(0, written);
        written.ShouldContain("Payments.Worker was killed (SIGKILL) and started again");
        written.ShouldContain("Orders.Api was killed (SIGKILL) and started again");
        written.ShouldContain("python/orders_consumer.py: read ");
        written.ShouldContain("duplicates 0, lost 0, changed 0");
        written.ShouldNotContain("FAIL");
        written.ShouldContain("Every order counts once.");
        written.TrimEnd().ShouldEndWith("demo: done");
    }

    [Theory]
    [InlineData("shop", "--seconds", "0")]
    [InlineData("shop", "--minutes", "3")]
    public async Task Shop_ToldWhatItDoesNotKnow_SaysSo(params string[] arguments)
    {
        var (exitCode, written) = await RunningProgram.RunAsync(SourceTree.Sample("Shop.Demo"), ["run", .. arguments[1..]]);

        exitCode.ShouldBe(2, written);
        written.ShouldContain("usage: Shop.Demo");
    }

    [Fact]
    public async Task Quickstart_WithoutAnAddress_BringsItsOwnStack()
    {
        var (exitCode, written) = await RunningProgram.RunAsync(SourceTree.Sample("Quickstart"), []);

        exitCode.ShouldBe(0, written);
        written.ShouldContain("Everything was as told.");
    }
}
