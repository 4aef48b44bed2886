namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Registries that come and go, and a leader among them that can be killed.</summary>
internal interface IRegistries : IAsyncDisposable
{
    /// <summary>A client of one that runs.</summary>
    RegistryCaller Any(Random random);

    /// <summary>Clients of all that run.</summary>
    IReadOnlyList<RegistryCaller> All { get; }

    /// <summary>Kills whoever leads, and starts another one in its place.</summary>
    Task KillLeaderAsync();
}
