using SchemaStream.Protocol.Client.Clusters;

namespace SchemaStream.Protocol.Client.Tests.Clusters;

public sealed class BackoffTests
{
    [Fact]
    public void Next_AfterEachFailure_IsTwiceAsLongUpToTheLimit()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), () => 1);

        Enumerable.Range(0, 6).Select(_ => backoff.Next().TotalMilliseconds).ShouldBe([100, 200, 400, 800, 1000, 1000]);
        backoff.Reset();
        backoff.Next().TotalMilliseconds.ShouldBe(100);
    }

    [Fact]
    public void Next_WithTheLeastJitter_IsHalfOfItsTurn() =>
        new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), () => 0).Next().TotalMilliseconds.ShouldBe(50);

    [Fact]
    public void Next_AfterAnyNumberOfFailures_StaysWithinTheLimit()
    {
        var backoff = new Backoff(TimeSpan.FromDays(1), TimeSpan.FromDays(2), () => 1);

        Enumerable.Range(0, 100).ShouldAllBe(_ => backoff.Next() <= TimeSpan.FromDays(2));
    }

    [Theory]
    [InlineData("a:1", "a:1")]
    [InlineData(" a:1, PLAINTEXT://b:2 ,[::1]:3", "a:1 b:2 ::1:3")]
    public void ParseAll_OfBootstrapServers_GivesTheirAddresses(string servers, string expected) =>
        string.Join(' ', BrokerAddress.ParseAll(servers)).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a:b")]
    [InlineData("a:0")]
    [InlineData(":9092")]
    [InlineData("a:70000")]
    public void ParseAll_OfWhatIsNoAddress_Throws(string servers) => Should.Throw<FormatException>(() => BrokerAddress.ParseAll(servers));
}
