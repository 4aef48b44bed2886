namespace SchemaStream.Protocol.Client;

/// <summary>
/// The loan of the memory that a response's byte fields lie in. <see cref="Dispose"/> gives it back to be filled by a later
/// response; after that none of the byte fields may be looked at (a Debug build throws where one is). Giving it back twice
/// is harmless.
/// </summary>
public readonly struct PooledResponse : IDisposable, IEquatable<PooledResponse>
{
    private readonly ResponseFrame? _frame;
    private readonly int _loan;

    internal PooledResponse(ResponseFrame frame, int loan)
    {
        _frame = frame;
        _loan = loan;
    }

    /// <summary>Length of the whole response, its header included.</summary>
    public int Length => _frame?.LengthOf(_loan) ?? 0;

    public void Dispose() => _frame?.Return(_loan);

    public bool Equals(PooledResponse other) => ReferenceEquals(_frame, other._frame) && _loan == other._loan;

    public override bool Equals(object? obj) => obj is PooledResponse other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_frame, _loan);

    public static bool operator ==(PooledResponse left, PooledResponse right) => left.Equals(right);

    public static bool operator !=(PooledResponse left, PooledResponse right) => !left.Equals(right);
}
