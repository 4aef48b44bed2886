namespace SchemaStream.Protobuf.Compatibility;

/// <summary>What a comparison may cost. Only schemas made to cost come near.</summary>
internal sealed class ComparisonBudget
{
    /// <summary>Fields, messages and enum values that are looked at: those of the two largest schemas, several times.</summary>
    private const int MaxSteps = 1_000_000;

    /// <summary>The characters of all paths that are told. A long name is in the path of everything within it.</summary>
    private const int MaxPathsLength = 4 * 1024 * 1024;

    private int _steps;
    private int _pathsLength;

    /// <summary>Counts one more thing looked at.</summary>
    public void Step()
    {
        if (++_steps > MaxSteps)
        {
            throw new ProtoSchemaException($"The schemas are too large to be compared: more than {MaxSteps} steps are needed.");
        }
    }

    /// <summary>Counts one more difference to tell.</summary>
    public void Tell(string path)
    {
        _pathsLength += path.Length;
        if (_pathsLength > MaxPathsLength)
        {
            throw new ProtoSchemaException("The schemas differ in too much: there is no room to tell all of it.");
        }
    }
}
