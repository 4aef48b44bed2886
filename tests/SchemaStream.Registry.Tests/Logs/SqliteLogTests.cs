using Microsoft.Data.Sqlite;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry.Tests.Logs;

public sealed class SqliteLogTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("registry-log-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Append_ThenReplay_GivesTheSameRecordsInOrder()
    {
        await using (var log = Open())
        {
            (await log.AppendAsync([Record("a", "1"), Record("b", null)], default)).ShouldBe([0, 1]);
            (await log.AppendAsync([Record("c", "3", LogName.Contracts)], default)).ShouldBe([2]);
        }

        var (records, end) = await ReplayAsync();

        end.ShouldBe(3);
        records.Select(r => (char)r.Key[0]).ShouldBe(['a', 'b', 'c']);
        records[1].Value.ShouldBeNull();
        records[2].Log.ShouldBe(LogName.Contracts);
        records[2].Timestamp.ShouldBe(Noon);
    }

    [Fact]
    public async Task Append_AfterAStart_ComesBackThroughTheTail()
    {
        await using var log = Open();
        var tail = new RecordedTail();
        (await log.StartAsync(tail, default)).ShouldBe(default);

        await log.AppendAsync([Record("a", "1"), Record("b", "2")], default);

        tail.Records.Select(r => (r.Offset, (char)r.Record.Key[0])).ShouldBe([(0, 'a'), (1, 'b')]);
        tail.Ends.ShouldBe(new LogEnds(2, 2));
    }

    [Fact]
    public async Task Start_OnALogWithAGap_SaysWhichRecordIsMissing()
    {
        await using (var log = Open())
        {
            await log.AppendAsync([Record("a", "1"), Record("b", "2")], default);
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, SqliteLog.FileName)};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM record WHERE offset = 0";
            command.ExecuteNonQuery();
        }

        (await Should.ThrowAsync<RegistryLogException>(ReplayAsync)).Message.ShouldContain("lacks the record at offset 0");
    }

    [Fact]
    public async Task Open_WhileAnotherHasIt_SaysSo()
    {
        await using var log = Open();

        Should.Throw<RegistryLogException>(() => Open()).Message.ShouldContain("in use by another process");
    }

    [Fact]
    public void Open_FileThatIsNoLog_SaysSo()
    {
        File.WriteAllText(Path.Combine(_directory, SqliteLog.FileName), new string('x', 10_000));

        Should.Throw<RegistryLogException>(() => Open()).Message.ShouldContain(SqliteLog.FileName);
    }

    [Fact]
    public async Task Open_FileOfALaterLayout_IsRefused()
    {
        await using (Open())
        {
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, SqliteLog.FileName)};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_version VALUES (99, 0)";
            command.ExecuteNonQuery();
        }

        Should.Throw<RegistryLogException>(() => Open()).Message.ShouldContain("layout 99");
    }

    [Fact]
    public async Task Recover_AfterTheProcessDiesWithoutClosing_KeepsWhatWasAppended()
    {
        // What a killed process leaves behind: the file and its write-ahead log as they are at this moment.
        var copy = Directory.CreateTempSubdirectory("registry-log-").FullName;
        await using (var log = Open())
        {
            await log.AppendAsync([Record("a", "1"), Record("b", "2")], default);
            foreach (var file in Directory.GetFiles(_directory))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        await using (var recovered = SqliteLog.Open(copy, TimeProvider.System))
        {
            (await recovered.StartAsync(new RecordedTail(), default)).ShouldBe(new LogEnds(2, 2));
        }

        Directory.Delete(copy, recursive: true);
    }

    private SqliteLog Open() => SqliteLog.Open(_directory, TimeProvider.System);

    private async Task<(List<LogRecord> Records, long End)> ReplayAsync()
    {
        await using var log = Open();
        var tail = new RecordedTail();
        var ends = await log.StartAsync(tail, default);
        return (tail.Records.ConvertAll(record => record.Record), ends.Schemas);
    }

    private static LogRecord Record(string key, string? value, LogName log = LogName.Schemas) => new(
        log,
        System.Text.Encoding.UTF8.GetBytes(key),
        value is null ? null : System.Text.Encoding.UTF8.GetBytes(value),
        Noon);
}
