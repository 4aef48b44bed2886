using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests;

/// <summary>A process that writes is really killed, again and again; what it acknowledged has to be there.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rounds = 10;
    private const string Writer = "SchemaStream.Broker.Storage.Tests.Writer.dll";

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("schemastream-");

    private string LogPath => Path.Combine(_temporary.FullName, "orders-0");

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public async Task Log_WhoseWriterIsKilled_HasEverythingThatWasAcknowledged()
    {
        var random = new Random(20261122);
        for (var round = 0; round < Rounds; round++)
        {
            var acknowledged = await WriteUntilKilled(random.Next(), killAfter: random.Next(1, 60));

            CheckLog(acknowledged);
        }
    }

    /// <summary>Returns the last offset that the writer said was appended.</summary>
    private async Task<long> WriteUntilKilled(int seed, int killAfter)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, Writer));
        start.ArgumentList.Add(LogPath);
        start.ArgumentList.Add(seed.ToString(CultureInfo.InvariantCulture));
        using var writer = Process.Start(start).ShouldNotBeNull();
        var errors = writer.StandardError.ReadToEndAsync();
        long acknowledged = -1;
        var lines = 0;
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may be cut by the kill; a number that lost digits is smaller, so it only asks for less.
            acknowledged = Math.Max(acknowledged, long.Parse(line, CultureInfo.InvariantCulture));
            if (++lines == killAfter)
            {
                writer.Kill();
            }
        }

        await writer.WaitForExitAsync();
        (await errors).ShouldBeEmpty();
        lines.ShouldBeGreaterThanOrEqualTo(killAfter);
        return acknowledged;
    }

    private void CheckLog(long acknowledged)
    {
        using var log = PartitionLog.Open(
            new FileLogDirectory(LogPath),
            new LogConfig(),
            new LogFileCache(10),
            new LogOpenOptions { Unclean = true },
            LogWorld.Now);
        log.LogEndOffset.ShouldBeGreaterThan(acknowledged);
        long expected = 0;
        while (LogWorld.ReadBytes(log, expected, long.MaxValue, 1_000_000) is { Length: > 0 } bytes)
        {
            foreach (var batch in RecordBatches.Split(bytes))
            {
                RecordBatches.Validate(batch.Memory.Span, out _).ShouldBe(RecordBatchFault.None);
                foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
                {
                    if (record.Offset != expected || BinaryPrimitives.ReadInt64BigEndian(record.Value) != expected)
                    {
                        throw new InvalidOperationException($"Offset {expected} expected, found {record.Offset}.");
                    }

                    expected++;
                }
            }
        }

        expected.ShouldBe(log.LogEndOffset);
    }
}
