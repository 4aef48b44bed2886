namespace SchemaStream.Hosting.Starting;

/// <summary>Something that has to succeed before the host's own services start.</summary>
internal interface IStartStep
{
    /// <summary>What it is, for people.</summary>
    string Name { get; }

    /// <summary>Does it; again after it failed for the moment.</summary>
    Task StartAsync(CancellationToken cancellationToken);
}
