namespace SchemaStream.Hosting.Tables;

/// <summary>A table of the host, whatever its types.</summary>
internal interface IHostedTable
{
    /// <summary>Completes when the table is caught up.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WhenReadyAsync(CancellationToken cancellationToken);
}

/// <summary>Waits for all of them.</summary>
internal static class HostedTables
{
    /// <summary>Completes when all tables are caught up.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task WhenReadyAsync(this IEnumerable<IHostedTable> tables, CancellationToken cancellationToken)
    {
        foreach (var table in tables)
        {
            await table.WhenReadyAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
