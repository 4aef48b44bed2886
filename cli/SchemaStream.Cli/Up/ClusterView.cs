using System.Globalization;
using System.Net.Sockets;
using SchemaStream.Broker;
using SchemaStream.Cli.Quorum;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Up;

/// <summary>
/// The cluster as each of its brokers shows it. A broker serves before it has heard that others do as well: whoever asks it
/// in that moment would see a smaller cluster than was promised.
/// </summary>
internal static class ClusterView
{
    private const short MetadataVersion = 9;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="BrokerStartException">A broker does not come to know the others.</exception>
    public static async Task UntilAllKnowAllAsync(IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        foreach (var address in addresses)
        {
            try
            {
                await UntilKnownAsync(address, addresses.Count, limit.Token);
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new BrokerStartException(
                    string.Create(CultureInfo.InvariantCulture, $"the broker at {address} does not know all {addresses.Count} brokers: {e.Message}"), e);
            }
        }
    }

    private static async Task UntilKnownAsync(string address, int brokers, CancellationToken cancellation)
    {
        var endpoint = Endpoints.Parse(address);
        await using var client = await KafkaConnection.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken: cancellation);
        using var pause = new PeriodicTimer(Pause);
        var request = new MetadataRequest { Topics = [], AllowAutoTopicCreation = false };
        while ((await client.SendAsync(request, MetadataVersion, cancellation)).Brokers.Count < brokers)
        {
            await pause.WaitForNextTickAsync(cancellation);
        }
    }
}
