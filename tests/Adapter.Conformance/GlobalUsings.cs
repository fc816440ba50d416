global using Adapter.TestKit;
global using Shouldly;
