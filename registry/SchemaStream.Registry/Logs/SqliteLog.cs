using Microsoft.Data.Sqlite;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs;

/// <summary>The log as one SQLite file: write-ahead, one writer, on disk before an append returns.</summary>
/// <remarks>Called by the registry's writer alone, one call at a time.</remarks>
public sealed class SqliteLog : IRegistryLog
{
    public const string FileName = "registry.db";

    /// <summary>The file's layout. A registry refuses files of a later one and brings earlier ones up to date.</summary>
    public const int SchemaVersion = 1;

    private const int SqliteBusy = 5;

    /// <summary>While the registry works off so many, the next ones are read.</summary>
    private const int RecordsHandedOverAtOnce = 512;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private IRegistryTail? _tail;
    private long _end;

    private SqliteLog(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>One sequence holds both logs.</summary>
    private LogEnds Ends => new(_end, _end);

    /// <summary>Opens the file in a directory; makes both if they are not there.</summary>
    /// <exception cref="RegistryLogException">The file is taken, broken, of a later layout or cannot be made.</exception>
    public static SqliteLog Open(string directory, TimeProvider time)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RegistryLogException($"The directory {directory} cannot be made: {failure.Message}", failure);
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            // A second registry on the same file is told at once, not after the default half minute.
            DefaultTimeout = 1,
        }.ToString());
        var log = new SqliteLog(connection, path);
        try
        {
            connection.Open();
            log.Prepare(time);
            return log;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw log.Translate(failure);
        }
        catch (RegistryLogException)
        {
            connection.Dispose();
            throw;
        }
    }

    public UnreadableRecord UnreadableRecord => UnreadableRecord.Refused;

    public async Task<LogEnds> StartAsync(IRegistryTail tail, CancellationToken cancellationToken)
    {
        _tail = tail;
        try
        {
            var command = _connection.CreateCommand();
            await using var whileReading = command.ConfigureAwait(false);
            command.CommandText = "SELECT offset, log, timestamp, key, value FROM record ORDER BY offset";
            var reader = command.ExecuteReader();
            await using var whileOpen = reader.ConfigureAwait(false);
            var records = new List<TailRecord>();
            while (reader.Read())
            {
                records.Add(Next(reader));
                _end++;
                if (records.Count == RecordsHandedOverAtOnce)
                {
                    await tail.TakeAsync(new TailBatch(records, Ends), cancellationToken).ConfigureAwait(false);
                    records = [];
                }
            }

            await tail.TakeAsync(new TailBatch(records, Ends), cancellationToken).ConfigureAwait(false);
            return Ends;
        }
        catch (SqliteException failure)
        {
            throw Translate(failure);
        }
    }

    /// <summary>No other process can write to the file, so there is nobody to keep out.</summary>
    public ValueTask<LogEnds> BeginAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Ends);

    public async ValueTask<IReadOnlyList<long>> AppendAsync(
        IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Insert(records);
        var written = records.Select((record, i) => new TailRecord(_end + i, record)).ToList();
        _end += records.Count;
        if (_tail is not null)
        {
            await _tail.TakeAsync(new TailBatch(written, Ends), CancellationToken.None).ConfigureAwait(false);
        }

        return written.ConvertAll(record => record.Offset);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private TailRecord Next(SqliteDataReader reader)
    {
        if (reader.GetInt64(0) != _end)
        {
            throw new RegistryLogException(
                $"The registry's log {_path} lacks the record at offset {_end}. Restore the file from a backup.");
        }

        return new TailRecord(_end, new LogRecord(
            (LogName)reader.GetInt32(1),
            reader.GetFieldValue<byte[]>(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4),
            DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2))));
    }

    private void Insert(IReadOnlyList<LogRecord> records)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            using var insert = _connection.CreateCommand();
            insert.Transaction = transaction;

            // The offset is the primary key: whoever is wrong about the end is refused by it.
            insert.CommandText =
                "INSERT INTO record (offset, log, timestamp, key, value) VALUES ($offset, $log, $timestamp, $key, $value)";
            var offset = insert.Parameters.Add("$offset", SqliteType.Integer);
            var name = insert.Parameters.Add("$log", SqliteType.Integer);
            var timestamp = insert.Parameters.Add("$timestamp", SqliteType.Integer);
            var key = insert.Parameters.Add("$key", SqliteType.Blob);
            var value = insert.Parameters.Add("$value", SqliteType.Blob);
            insert.Prepare();
            for (var i = 0; i < records.Count; i++)
            {
                offset.Value = _end + i;
                name.Value = (int)records[i].Log;
                timestamp.Value = records[i].Timestamp.ToUnixTimeMilliseconds();
                key.Value = records[i].Key;
                value.Value = (object?)records[i].Value ?? DBNull.Value;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }
        catch (SqliteException failure)
        {
            throw Translate(failure);
        }
    }

    private void Prepare(TimeProvider time)
    {
        // EXCLUSIVE keeps other processes out for as long as this one runs, even after kill -9 no longer.
        Execute("PRAGMA locking_mode=EXCLUSIVE");
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        using var transaction = _connection.BeginTransaction(deferred: false);
        Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, since INTEGER NOT NULL)");
        var version = Scalar("SELECT coalesce(max(version), 0) FROM schema_version");
        if (version > SchemaVersion)
        {
            throw new RegistryLogException(
                $"The registry's log {_path} has layout {version}, and this program knows layouts up to {SchemaVersion}. " +
                "Start a newer version on it.");
        }

        if (version == 0)
        {
            Execute(
                "CREATE TABLE record (offset INTEGER PRIMARY KEY, log INTEGER NOT NULL, timestamp INTEGER NOT NULL, " +
                "key BLOB NOT NULL, value BLOB)");
            Execute(FormattableString.Invariant(
                $"INSERT INTO schema_version VALUES ({SchemaVersion}, {time.GetUtcNow().ToUnixTimeMilliseconds()})"));
        }

        transaction.Commit();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private RegistryLogException Translate(SqliteException failure) => failure.SqliteErrorCode == SqliteBusy
        ? new RegistryLogException(
            $"The registry's log {_path} is in use by another process. Stop it, or choose another data directory.", failure)
        : new RegistryLogException($"The registry's log {_path} failed: {failure.Message}", failure);
}
