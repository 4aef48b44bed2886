using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry.Tests;

public sealed class RegistryHostTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("registry-host-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Start_OnATakenPort_SaysWhich()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Should.ThrowAsync<IOException>(
            RegistryHost.StartAsync(Options() with { Port = port }, NullLoggerFactory.Instance));

        failure.Message.ShouldContain($"127.0.0.1:{port}");
        await using var next = await RegistryHost.StartAsync(Options(), NullLoggerFactory.Instance);
        next.BaseAddress.Port.ShouldBeGreaterThan(0, "the failed start has let go of the log");
    }

    [Fact]
    public async Task Start_AtAHostThatIsNot_SaysWhichAndLetsGoOfTheLog()
    {
        var failure = await Should.ThrowAsync<IOException>(
            RegistryHost.StartAsync(Options() with { Host = "no-such-host.invalid" }, NullLoggerFactory.Instance));

        failure.Message.ShouldContain("no-such-host.invalid");
        await using var freed = SqliteLog.Open(_directory, TimeProvider.System);
    }

    [Fact]
    public async Task Append_WhenTheLogFailsInAnUnknownWay_AnswersAndServesOn()
    {
        var broken = new BrokenLog { Failure = () => new InvalidOperationException("a bug") };
        await using var host = await RegistryHost.StartAsync(Options(), broken, NullLoggerFactory.Instance, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = host.BaseAddress, Timeout = TimeSpan.FromSeconds(20) };
        broken.IsBroken = true;
        (await PostAsync(http, "/subjects/s/versions", """{"schema":"\"int\""}""")).Status.ShouldBe(HttpStatusCode.InternalServerError);

        broken.IsBroken = false;
        (await PostAsync(http, "/subjects/s/versions", """{"schema":"\"int\""}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Stop_Twice_IsFine()
    {
        var host = await RegistryHost.StartAsync(Options() with { Host = "localhost" }, NullLoggerFactory.Instance);

        await host.StopAsync();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("{", "400")]
    [InlineData("""{"schema":"{"}""", "42201")]
    public async Task BadInput_IsRefusedLeavesALineAndTheRegistryServesOn(string body, string code)
    {
        using var log = new RecordedLog();
        await using var host = await RegistryHost.StartAsync(Options(), log);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };

        (await PostAsync(http, "/subjects/orders-value/versions", body)).Body.ShouldStartWith($"{{\"error_code\":{code},");
        (await PostAsync(http, "/subjects/orders-value/versions", """{"schema":"\"int\""}""")).Status.ShouldBe(HttpStatusCode.OK);

        var line = log.Lines.Where(entry => entry.Id == 2006).ShouldHaveSingleItem();
        line.Level.ShouldBe(LogLevel.Information);
        line.Line.ShouldContain("POST /subjects/orders-value/versions");
        line.Line.ShouldContain(code);
    }

    [Fact]
    public async Task Append_WhenTheLogFails_ChangesNothingAndServesOn()
    {
        var broken = new BrokenLog();
        await using var host = await RegistryHost.StartAsync(Options(), broken, NullLoggerFactory.Instance, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        broken.IsBroken = true;

        (await PostAsync(http, "/subjects/s/versions", """{"schema":"\"int\""}"""))
            .ShouldBe((HttpStatusCode.InternalServerError, """{"error_code":50001,"message":"The registry's log refused the change; nothing was changed."}"""));
        (await http.GetStringAsync(new Uri("/subjects", UriKind.Relative))).ShouldBe("[]");

        broken.IsBroken = false;
        var (status, body) = await PostAsync(http, "/subjects/s/versions", """{"schema":"\"int\""}""");
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldStartWith("""{"id":1,"version":1""", Case.Sensitive, "the refused attempt took no id");
    }

    [Fact]
    public async Task Start_OnABrokenLog_NamesTheRecord()
    {
        await using (var log = SqliteLog.Open(_directory, TimeProvider.System))
        {
            await log.AppendAsync([new LogRecord(LogName.Schemas, "{}{"u8.ToArray(), null, DateTimeOffset.UnixEpoch)], default);
        }

        (await Should.ThrowAsync<RegistryLogException>(RegistryHost.StartAsync(Options(), NullLoggerFactory.Instance)))
            .Message.ShouldContain("{}{");
        await using var freed = SqliteLog.Open(_directory, TimeProvider.System);
    }

    private RegistryOptions Options() => new() { DataDirectory = _directory, Port = 0 };

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A log in memory that refuses when told to.</summary>
    private sealed class BrokenLog : IRegistryLog
    {
        private IRegistryTail? _tail;
        private long _end;

        public bool IsBroken { get; set; }

        public Func<Exception> Failure { get; init; } = () => new RegistryLogException("The disk is full.");

        public UnreadableRecord UnreadableRecord => UnreadableRecord.Refused;

        public Task<LogEnds> StartAsync(IRegistryTail tail, CancellationToken cancellationToken)
        {
            _tail = tail;
            return Task.FromResult(default(LogEnds));
        }

        public ValueTask<LogEnds> BeginAsync(CancellationToken cancellationToken) => ValueTask.FromResult(default(LogEnds));

        public async ValueTask<IReadOnlyList<long>> AppendAsync(
            IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
        {
            if (IsBroken)
            {
                throw Failure();
            }

            var written = records.Select(record => new TailRecord(_end++, record)).ToList();
            await _tail!.TakeAsync(new TailBatch(written, new LogEnds(_end, _end)), cancellationToken);
            return written.ConvertAll(record => record.Offset);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
