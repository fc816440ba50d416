global using Adapter.TestKit;
global using Shouldly;
global using Xunit;
