namespace SchemaStream.Json.Compatibility;

/// <summary>How much work one comparison may still do: what it looks at and what it writes down.</summary>
internal sealed class StepBudget
{
    private long _left = JsonSchemaLimits.MaxComparedSteps;

    public void Take(int steps = 1)
    {
        _left -= steps;
        if (_left < 0)
        {
            throw new JsonSchemaException(
                $"Comparing the schemas takes more than {JsonSchemaLimits.MaxComparedSteps} steps; it is not done.");
        }
    }
}
