using System.Text.Json;
using Microsoft.Data.Sqlite;
using Shop.Contracts;

namespace Orders.Api;

/// <summary>Orders and their outbox, in one SQLite file.</summary>
internal sealed class OrderStore : IDisposable
{
    private readonly string _connection;
    private readonly SemaphoreSlim _news = new(0, 1);

    public OrderStore(string path)
    {
        _connection = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true }.ToString();
        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, """
            CREATE TABLE IF NOT EXISTS orders (idempotency_key TEXT PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS outbox (sequence INTEGER PRIMARY KEY AUTOINCREMENT, idempotency_key TEXT NOT NULL, body TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL);
            INSERT INTO identity SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM identity);
            """);
        using var command = Command(connection, "SELECT id FROM identity");
        Id = (string)command.ExecuteScalar()!;
        using var last = Command(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
        LastSequenceAtStart = last.ExecuteScalar() is long sequence ? sequence : 0;
    }

    /// <summary>This file's own name for ever: what is known of the outbox of another file says nothing about this one's.</summary>
    public string Id { get; }

    /// <summary>The number of the newest row that was in the outbox before this start, forgotten ones included; 0 when there was none.</summary>
    public long LastSequenceAtStart { get; }

    /// <summary>Writes an order with its outbox row, both or neither; returns the one that is there under this key.</summary>
    public OrderPlaced Accept(string key, OrderPlaced order)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(); // one writer at a time: rows are numbered in the order of their commits
        using var find = Command(connection, "SELECT body FROM orders WHERE idempotency_key = $key", ("$key", key));
        if (find.ExecuteScalar() is string known)
        {
            return Parse(known);
        }

        var body = JsonSerializer.Serialize(order);
        Execute(
            connection,
            "INSERT INTO orders VALUES ($key, $id, $body); INSERT INTO outbox (idempotency_key, body) VALUES ($key, $body)",
            ("$key", key),
            ("$id", order.OrderId.ToString()),
            ("$body", body));
        transaction.Commit();
        Ring();
        return order;
    }

    /// <summary>Null for an order that there is not.</summary>
    public OrderPlaced? Find(Guid id)
    {
        using var connection = Open();
        using var command = Command(connection, "SELECT body FROM orders WHERE order_id = $id", ("$id", id.ToString()));
        return command.ExecuteScalar() is string body ? Parse(body) : null;
    }

    /// <summary>The next rows of the outbox, in their order.</summary>
    public IReadOnlyList<OutboxRow> ReadOutbox(long after, int most)
    {
        using var connection = Open();
        using var command = Command(
            connection,
            "SELECT sequence, idempotency_key, body FROM outbox WHERE sequence > $after ORDER BY sequence LIMIT $most",
            ("$after", after),
            ("$most", most));
        using var reader = command.ExecuteReader();
        var rows = new List<OutboxRow>();
        while (reader.Read())
        {
            rows.Add(new OutboxRow(reader.GetInt64(0), reader.GetString(1), Parse(reader.GetString(2))));
        }

        return rows;
    }

    /// <summary>Lets go of rows that are sent.</summary>
    public void ForgetOutbox(long through)
    {
        using var connection = Open();
        Execute(connection, "DELETE FROM outbox WHERE sequence <= $through", ("$through", through));
    }

    /// <summary>Returns when an order was accepted since the last call.</summary>
    public Task WaitForNewsAsync(CancellationToken cancellationToken) => _news.WaitAsync(cancellationToken);

    public void Dispose() => _news.Dispose();

    private void Ring()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    private static OrderPlaced Parse(string body) => JsonSerializer.Deserialize<OrderPlaced>(body)!;

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        Execute(connection, "PRAGMA synchronous = FULL"); // what was answered survives a power cut
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand(); // takes part in the connection's transaction, where there is one
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}

/// <summary>An event that is to be sent.</summary>
internal sealed record OutboxRow(long Sequence, string IdempotencyKey, OrderPlaced Order);
