using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry.Tests;

public sealed class RegistryWriterTests
{
    private static readonly RegistryOptions Options = new() { DataDirectory = "", Port = 0 };

    [Fact]
    public async Task LogThatCannotBeReadAnyFurther_LeavesNoWriterWaiting_AndStops()
    {
        var log = new ScriptedLog();
        var host = await RegistryHost.StartAsync(Options, log, NullLoggerFactory.Instance, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = host.BaseAddress, Timeout = TimeSpan.FromSeconds(20) };
        await log.HandOverAsync([new LogRecord(LogName.Schemas, "{}{"u8.ToArray(), null, DateTimeOffset.UnixEpoch)]);

        var (status, body) = await RegisterAsync(http, "s");

        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain("50001");
        (await http.GetStringAsync(new Uri("/subjects", UriKind.Relative))).ShouldBe("[]", "what was read is served on");
        await host.DisposeAsync();
        log.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Decision_ThatFails_LeavesNothingBehindForThoseBesideIt()
    {
        var log = new ScriptedLog { Opening = new TaskCompletionSource() };
        var rules = new RegistryRules(Options.Settings, new SchemaFormats(new AvroFormat()));
        await using var writer = RegistryWriter.Open(log, rules, TimeProvider.System, NullLogger.Instance, default);
        var faulty = writer.SubmitAsync(new HalfAFault(), default).AsTask();
        var beside = writer.SubmitAsync(new TellMode(), default).AsTask();

        // Both wait for the log, so both are decided together.
        log.Opening.SetResult();

        (await faulty).Error!.Code.ShouldBe(500);
        (await beside).TryGet(out var mode, out _).ShouldBeTrue();
        mode.ShouldBe("none");
    }

    [Fact]
    public async Task Claim_OfASchemaThatTheLogDoesNotTake_IsTakenBack()
    {
        var log = new ScriptedLog { Refuses = LogName.Schemas };
        await using var host = await RegistryHost.StartAsync(
            Options, log, NullLoggerFactory.Instance, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };

        (await RegisterAsync(http, "orders-value")).Body.ShouldContain("42209");

        (await http.GetAsync(new Uri("/contracts/orders", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        log.Written.Select(record => Encoding.UTF8.GetString(record.Key)).ShouldContain(key => key.Contains("UNBIND"));
    }

    private static async Task<(HttpStatusCode Status, string Body)> RegisterAsync(HttpClient http, string subject)
    {
        using var content = new StringContent(
            """{"schema":"{\"type\":\"record\",\"name\":\"Order\",\"fields\":[]}"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"/subjects/{subject}/versions", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Decides a fact that can be replayed, and then one that cannot.</summary>
    private sealed class HalfAFault : IRegistryCommand<string>
    {
        public Decision<string> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now) =>
            new("done", [new ModeRecord(null, RegistryMode.ReadOnly), new UnknownRecord()]);
    }

    private sealed class TellMode : IRegistryCommand<string>
    {
        public Decision<string> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now) =>
            new(image.GlobalMode?.ToString() ?? "none");
    }

    private sealed record UnknownRecord : RegistryRecord;

    /// <summary>Two logs in memory, written one after the other as a cluster's topics are.</summary>
    private sealed class ScriptedLog : IRegistryLog
    {
        private IRegistryTail? _tail;
        private LogEnds _ends;

        public TaskCompletionSource? Opening { get; init; }

        /// <summary>The log that takes no record for its size.</summary>
        public LogName? Refuses { get; init; }

        public List<LogRecord> Written { get; } = [];

        public bool IsClosed { get; private set; }

        public UnreadableRecord UnreadableRecord => UnreadableRecord.Refused;

        public async Task<LogEnds> StartAsync(IRegistryTail tail, CancellationToken cancellationToken)
        {
            _tail = tail;
            await (Opening?.Task ?? Task.CompletedTask);
            return default;
        }

        public ValueTask<LogEnds> BeginAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_ends);

        public async ValueTask<IReadOnlyList<long>> AppendAsync(
            IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
        {
            var offsets = new Dictionary<LogRecord, long>(ReferenceEqualityComparer.Instance);
            foreach (var record in records.OrderByDescending(record => record.Log))
            {
                if (record.Log == Refuses)
                {
                    throw new RecordTooLargeException(record, new InvalidOperationException("too large"));
                }

                offsets[record] = record.Log == LogName.Schemas ? _ends.Schemas : _ends.Contracts;
                await HandOverAsync([record]);
            }

            return [.. records.Select(record => offsets[record])];
        }

        public async Task HandOverAsync(IReadOnlyList<LogRecord> records)
        {
            foreach (var record in records)
            {
                var offset = record.Log == LogName.Schemas ? _ends.Schemas : _ends.Contracts;
                _ends = _ends.After(record.Log, offset);
                Written.Add(record);
                await _tail!.TakeAsync(new TailBatch([new TailRecord(offset, record)], _ends), default);
            }
        }

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }
    }
}
