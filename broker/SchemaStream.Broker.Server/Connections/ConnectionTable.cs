using System.Net;
using SchemaStream.Broker.Runtime.Lanes;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>The open connections, counted in all and per address.</summary>
internal sealed class ConnectionTable(int maxConnections, int maxConnectionsPerAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Connection> _connections = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly AsyncSignal _room = new();

    /// <summary>What was set while the broker runs; null where nothing can be.</summary>
    public ConnectionLimits? Limits { get; set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    public bool IsFull => Count >= (Limits?.MaxConnections ?? maxConnections);

    public IReadOnlyList<Connection> Snapshot()
    {
        lock (_lock)
        {
            return [.. _connections.Values];
        }
    }

    /// <summary>Takes a place for one more connection of this address.</summary>
    public bool TryTakePlace(IPAddress address, out int count)
    {
        lock (_lock)
        {
            count = _perAddress.GetValueOrDefault(address);
            if (count >= (Limits?.MaxConnectionsPerAddress ?? maxConnectionsPerAddress))
            {
                return false;
            }

            _perAddress[address] = count + 1;
            return true;
        }
    }

    public void Add(Connection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection.Identity.Id, connection);
        }
    }

    public void Remove(Connection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection.Identity.Id);
            var address = connection.Identity.Address;
            var left = _perAddress[address] - 1;
            if (left == 0)
            {
                _perAddress.Remove(address);
            }
            else
            {
                _perAddress[address] = left;
            }
        }

        _room.Set();
    }

    /// <summary>Waits until there may be room: a connection has closed, or the loop was woken. Only the accept loop waits.</summary>
    public ValueTask WaitForRoomAsync() => _room.WaitAsync();

    /// <summary>Ends a wait for room: for a stop, or to look again.</summary>
    public void WakeAcceptLoop() => _room.Set();
}
