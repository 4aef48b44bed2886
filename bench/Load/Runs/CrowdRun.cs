using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Bench.Load.Runs;

/// <summary>Many topics, and many clients that say nothing.</summary>
internal static class CrowdRun
{
    private const int TopicCount = 1_000;
    private const int PartitionsEach = 4;
    private const int Connections = 2_000;
    private static readonly TimeSpan SettleFor = TimeSpan.FromSeconds(3);

    public static async Task MeasureAsync(BrokerUnderLoad broker, Report report, CancellationToken cancellation)
    {
        var (before, cpu, start) = (broker.ResidentMegabytes, broker.Cpu, Stopwatch.GetTimestamp());
        await Topics.CreateManyAsync(broker.BootstrapServers, TopicCount, PartitionsEach);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await Task.Delay(SettleFor, cancellation);
        report.Add(
            string.Create(CultureInfo.InvariantCulture, $"{TopicCount:N0} topics x {PartitionsEach} partitions created"), elapsed.TotalSeconds, "s", null,
            string.Create(CultureInfo.InvariantCulture, $"{(broker.Cpu - cpu).Total.TotalSeconds:F2} CPU s"));
        report.Add("resident memory they add", broker.ResidentMegabytes - before, "MB");

        before = broker.ResidentMegabytes;
        var connections = new List<KafkaConnection>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                var connection = await KafkaConnection.ConnectAsync(broker.Host, broker.Port, null, cancellation);
                connections.Add(connection);
                await connection.SendAsync(new ApiVersionsRequest(), 3, cancellation);
            }

            await Task.Delay(SettleFor, cancellation);
            var added = broker.ResidentMegabytes - before;
            report.Add(
                string.Create(CultureInfo.InvariantCulture, $"resident memory {Connections:N0} idle connections add"), added, "MB", null,
                string.Create(CultureInfo.InvariantCulture, $"{added * 1000 / Connections:F1} KB each"));
            cpu = broker.Cpu;
            await Task.Delay(SettleFor, cancellation);
            report.Add("processor they and the topics take, idle", (broker.Cpu - cpu).Total / SettleFor * 100, "%");
        }
        catch (SocketException refused)
        {
            throw new InvalidOperationException($"connection {connections.Count} was refused; is `ulimit -n` at least {Connections * 2}?", refused);
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
