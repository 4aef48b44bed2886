using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Tests.Transport.Wire.Connections;

public sealed class ReconnectPausesTests
{
    private static readonly BrokerAddress Broker = new("a", 9092);

    private readonly ManualTime _time = new();
    private readonly ReconnectPauses _pauses;

    public ReconnectPausesTests() =>
        _pauses = new ReconnectPauses(new ReconnectDelays(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), _time);

    [Fact]
    public void BrokerThatWasNeverTried_IsTriedAtOnce() => _pauses.Left(Broker).ShouldBe(TimeSpan.Zero);

    [Fact]
    public void Pauses_GrowWithEachFailure_UpToTheLongest()
    {
        foreach (var (atLeast, atMost) in new[] { (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (2.5, 5.0), (2.5, 5.0) })
        {
            _pauses.OnFailed(Broker);

            _pauses.Left(Broker).TotalSeconds.ShouldBeInRange(atLeast, atMost);
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        _pauses.Left(Broker).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void BrokerThatWasReached_BeginsAnew_AndOthersAreNoConcernOfIts()
    {
        _pauses.OnFailed(Broker);
        _pauses.OnFailed(Broker);
        _pauses.OnFailed(Broker);
        _pauses.Left(new BrokerAddress("b", 9092)).ShouldBe(TimeSpan.Zero);

        _pauses.OnConnected(Broker);

        _pauses.Left(Broker).ShouldBe(TimeSpan.Zero);
        _pauses.OnFailed(Broker);
        _pauses.Left(Broker).TotalSeconds.ShouldBeInRange(0.5, 1.0);
    }
}
